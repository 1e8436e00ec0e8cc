import type { Session } from "../../../kernel/database/database.ts";
import type { NewReviewItem } from "../domain/review-item.ts";
import type { ReviewNote, VerdictNote } from "../domain/review-note.ts";
import { putReviewItems } from "./put-review-items.ts";

/** Brings the queue up to date with what a unit of work did. Harmless when done twice. */
export async function applyReviewNote(session: Session, note: ReviewNote): Promise<void> {
  const reopened = note.decision ? await followDecision(session, note.decision) : [];
  if (note.verdict) await decide(session, note.verdict);
  const touched = [
    ...reopened,
    ...(note.merges.length > 0 ? await followMerges(session, note.merges) : []),
    ...(note.moves.length > 0 ? await followMoves(session, note.moves) : []),
  ];
  if (touched.length > 0) await settlePersons(session, touched, note.reopens);
  if (note.refused.length > 0) await putReviewItems(session, note.refused.map(toItem));
  if (note.settledKeys.length > 0) await closeSettled(session, note);
}

function toItem(pair: ReviewNote["refused"][number]): NewReviewItem {
  return {
    cause: pair.cause,
    sides: [pair.low, pair.high],
    persons: [pair.lowPerson, pair.highPerson],
    probability: pair.probability,
    weights: [],
    sources: pair.sources,
  };
}

/** The items of a decision that was withdrawn are open again; put in force again, decided. */
async function followDecision(
  session: Session,
  { id, step }: NonNullable<ReviewNote["decision"]>,
): Promise<string[]> {
  const [from, to] = step === "WITHDRAWN" ? ["DECIDED", "OPEN"] : ["OPEN", "DECIDED"];
  const rows = await session.query<{ id: string }>(
    `update identity.review_items set state = $3, claimed_by = null
     where decision_id = $1 and state = $2 returning id`,
    [id, from, to],
  );
  return rows.map((row) => row.id);
}

async function decide(session: Session, note: VerdictNote): Promise<void> {
  await session.query(
    `update identity.review_items
     set state = 'DECIDED', verdict = $2, decided_by = $3, decided_at = $4, reason = $5,
         decision_id = $6, deferred_until = null, claimed_by = null
     where id = any($1::text[]) and state <> 'DECIDED'`,
    [note.itemIds, note.verdict, note.decidedBy, note.decidedAt, note.reason, note.decisionId],
  );
}

async function followMerges(session: Session, merges: ReviewNote["merges"]): Promise<string[]> {
  const rows = await session.query<{ id: string }>(
    {
      name: "identity-review-merges",
      text: `
        update identity.review_items i
        set low_person = coalesce(
              (select m.survivor from unnest($1::text[], $2::text[]) as m (gone, survivor)
               where m.gone = i.low_person), i.low_person),
            high_person = coalesce(
              (select m.survivor from unnest($1::text[], $2::text[]) as m (gone, survivor)
               where m.gone = i.high_person), i.high_person)
        where i.low_person = any($1::text[]) or i.high_person = any($1::text[])
        returning id`,
    },
    [merges.map(({ from }) => from), merges.map(({ to }) => to)],
  );
  return rows.map(({ id }) => id);
}

async function followMoves(session: Session, moves: ReviewNote["moves"]): Promise<string[]> {
  const rows = await session.query<{ id: string }>(
    `with moved as materialized (
       select * from unnest($1::text[], $2::text[]) as m (key, person_id))
     update identity.review_items i
     set low_person = coalesce((select person_id from moved where key = low_key), low_person),
         high_person = coalesce((select person_id from moved where key = high_key), high_person)
     where i.low_key = any($1::text[]) or i.high_key = any($1::text[])
     returning id`,
    [moves.map(({ key }) => key), moves.map(({ personId }) => personId)],
  );
  return rows.map(({ id }) => id);
}

/** Two who are one person are no question any more; two who are two again may be one. */
async function settlePersons(
  session: Session,
  ids: readonly string[],
  reopens: boolean,
): Promise<void> {
  await session.query(
    `update identity.review_items
     set state = case when low_person = high_person then 'CLOSED' else 'OPEN' end,
         closed_because = case when low_person = high_person then 'ONE_PERSON' end
     where id = any($1::text[]) and cause <> 'SAMPLE'
       and (state = 'OPEN' and low_person = high_person
            or $2 and cause = 'MEDIUM_MATCH' and state = 'CLOSED'
               and closed_because = 'ONE_PERSON' and low_person <> high_person)`,
    [ids, reopens],
  );
}

/**
 * Closes what whole components have no reason for any more. What a human keeps apart is no refusal
 * of the rules, but evidence against his word stays in sight. Matches between records are no
 * evidence of the graph: who has scored them takes them back.
 */
async function closeSettled(session: Session, note: ReviewNote): Promise<void> {
  const kept = [
    ...note.refused.map(({ cause, low, high }) => ({ cause: cause as string, low, high })),
    ...note.keptApart.map((pair) => ({ cause: "CONTRADICTION", ...pair })),
  ];
  await session.query(
    `update identity.review_items i set state = 'CLOSED', closed_because = 'GONE'
     where i.state = 'OPEN' and i.low_key = any($1::text[])
       and (i.cause in ('CONSTRAINT', 'CONTRADICTION') or i.cause = 'MEDIUM_MATCH'
            and not (i.low_key like 'record:%' and i.high_key like 'record:%'))
       and not exists (
         select 1 from unnest($2::text[], $3::text[], $4::text[]) as k (cause, low_key, high_key)
         where k.cause = i.cause and k.low_key = i.low_key and k.high_key = i.high_key)`,
    [
      note.settledKeys,
      kept.map(({ cause }) => cause),
      kept.map(({ low }) => low),
      kept.map(({ high }) => high),
    ],
  );
}
