import type { Session } from "../../../kernel/database/database.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import { inOrder, type NewReviewItem, onePerPair } from "../domain/review-item.ts";

/** Items one statement puts; more go in several. */
const putMax = 1_000;
/** The engine's clock, as the domain writes instants. */
const nowText = `to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Open are those whose two persons differ, but for samples; what a human has refused for the same
 * two persons is not asked again.
 */
const putStatement = `
  insert into identity.review_items as i (id, cause, low_key, high_key, low_person, high_person,
    probability, weights, sources, created_at, due_at, state, closed_because)
  select n.id, n.cause, n.low_key, n.high_key, n.low_person, n.high_person, n.probability,
    n.weights, array(select jsonb_array_elements_text(n.sources::jsonb)), now.at, now.at,
    case when closing.because is null then 'OPEN' else 'CLOSED' end, closing.because
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
              $7::double precision[], $8::text[], $9::text[])
      as n (id, cause, low_key, high_key, low_person, high_person, probability, weights, sources),
    (select ${nowText} as at) as now,
    lateral (select case
      when n.cause = 'SAMPLE' then null
      when n.low_person = n.high_person then 'ONE_PERSON'
      when n.cause = 'MEDIUM_MATCH' and exists (
        select 1 from identity.review_items d
        where d.pair = least(n.low_person collate "C", n.high_person) || ' '
                       || greatest(n.low_person collate "C", n.high_person)
          and d.state = 'DECIDED' and d.verdict = 'REJECT') then 'ANSWERED'
      end as because) as closing
  on conflict (low_key, high_key, cause) do update set
    low_person = coalesce(excluded.low_person, i.low_person),
    high_person = coalesce(excluded.high_person, i.high_person),
    probability = coalesce(excluded.probability, i.probability),
    weights = case when excluded.weights = '[]' then i.weights else excluded.weights end,
    sources = array(select distinct s from unnest(i.sources || excluded.sources) s order by s limit 20),
    state = case when i.state = 'DECIDED' then i.state else excluded.state end,
    closed_because = excluded.closed_because
  where (i.low_person, i.high_person, i.probability, i.weights, i.state)
      is distinct from (excluded.low_person, excluded.high_person, excluded.probability,
                        excluded.weights, excluded.state)
    or not i.sources @> excluded.sources`;

/** As `ReviewItems.put`, within a transaction of somebody else's. */
export async function putReviewItems(
  session: Session,
  items: readonly NewReviewItem[],
): Promise<void> {
  const all = onePerPair(items.map(inOrder));
  for (let from = 0; from < all.length; from += putMax) {
    const part = all.slice(from, from + putMax);
    await session.query({ name: "identity-review-put", text: putStatement }, [
      part.map(() => newId("review")),
      part.map(({ cause }) => cause),
      part.map(({ sides }) => sides[0]),
      part.map(({ sides }) => sides[1]),
      part.map(({ persons }) => persons[0]),
      part.map(({ persons }) => persons[1]),
      part.map(({ probability }) => probability),
      part.map(({ weights }) => JSON.stringify(weights)),
      part.map(({ sources }) => JSON.stringify(sources)),
    ]);
  }
}
