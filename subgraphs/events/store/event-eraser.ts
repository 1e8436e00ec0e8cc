import type { Session, Transaction } from "../../../kernel/database/database.ts";
import { mentions, type Redactor } from "../../../kernel/privacy/redactor.ts";
import { rewriteEntries } from "../../../kernel/streams/scrub-stream.ts";

const quarantinedPerStep = 500;
const exportedPerPage = 500;

/** Of which identifier, and from when until when. */
export interface TimelineStretch {
  key: string;
  from: string | null;
  until: string | null;
}

/** Removes what an erasure names from the tables of events. */
export class PostgresEraser {
  /** Takes entries out of timelines; gives the events they stood for. */
  takeTimeline(
    tx: Transaction,
    stretches: readonly TimelineStretch[],
    erasedAt: string,
    limit: number,
  ): Promise<{ position: number; key: string; payload: string }[]> {
    return tx.query(
      `with chosen as (
         select t.subject_key, t.occurred_at, t.position
         from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as s (key, since, until)
         cross join lateral (
           select subject_key, occurred_at, position from events.timeline
           where subject_key = s.key and occurred_at <= $4
             and (s.since is null or occurred_at >= s.since)
             and (s.until is null or occurred_at < s.until)
           limit $5) as t
         limit $5),
       taken as (
         delete from events.timeline t using chosen c
         where t.subject_key = c.subject_key and t.occurred_at = c.occurred_at
           and t.position = c.position
         returning t.position)
       select c.position, coalesce(e.key, 'erased/') as key,
         coalesce(e.payload, '{}') as payload
       from taken c left join streams.events e on e.position = c.position`,
      [
        stretches.map(({ key }) => key),
        stretches.map(({ from }) => from),
        stretches.map(({ until }) => until),
        erasedAt,
        limit,
      ],
    );
  }

  /** Puts what is left of events in their place. */
  async empty(
    tx: Transaction,
    entries: readonly { position: number; key: string; text: string }[],
  ): Promise<void> {
    if (entries.length > 0) await rewriteEntries(tx, "events", entries);
  }

  /** A page of the events that hang on the identifiers; `last` is null with the last page. */
  async exportedEvents(
    session: Session,
    keys: readonly string[],
    after: string | null,
  ): Promise<{ events: unknown[]; last: string | null }> {
    const rows = await session.query<{ position: number; payload: string | null }>(
      `select t.position, e.payload
       from (select distinct position from events.timeline
             where subject_key = any($1::text[]) and position > $2
             order by position limit $3) as t
       left join streams.events e on e.position = t.position order by t.position`,
      [keys, Number(after ?? 0), exportedPerPage],
    );
    const last = rows.length === exportedPerPage ? String(rows.at(-1)!.position) : null;
    const kept = rows.flatMap(({ payload }) => payload ?? []);
    return { events: kept.map((payload) => JSON.parse(payload) as unknown), last };
  }

  quarantineMentions(
    session: Session,
    redactor: Redactor,
    erasedAt: string,
  ): Promise<{ place: number; key: string; payload: string }[]> {
    return session.query(
      `select place, key, payload from events.quarantine
       where received_at <= $3 and ${mentions("payload", 1)} order by place limit $4`,
      [redactor.parts, redactor.digits, erasedAt, quarantinedPerStep],
    );
  }

  async removeQuarantined(session: Session, places: readonly number[]): Promise<void> {
    if (places.length === 0) return;
    await session.query("delete from events.quarantine where place = any($1::bigint[])", [places]);
  }
}
