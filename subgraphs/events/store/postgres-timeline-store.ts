import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type {
  TimelinePageOf,
  TimelinePlace,
  TimelineRow,
  TimelineStore,
} from "./timeline-store.ts";

/**
 * Per subject key the index gives the newest `limit` places; per person the newest of those. Costs
 * `limit` index entries per identifier, whatever the length of the timeline.
 */
const pages = {
  name: "events-timeline-pages",
  text: `
    select person, (extract(epoch from occurred_at) * 1000)::bigint as at, position
    from (
      select subject.person, entry.occurred_at, entry.position, row_number() over (
        partition by subject.person order by entry.occurred_at desc, entry.position desc) as rank
      from unnest($1::int[], $2::text[]) as subject (person, key)
      cross join lateral (
        select occurred_at, position from events.timeline
        where subject_key = subject.key
          and ($3::timestamptz is null or (occurred_at, position) < ($3::timestamptz, $4::bigint))
          and ($5::timestamptz is null or occurred_at >= $5)
          and ($6::timestamptz is null or occurred_at < $6)
          and ($7::text[] is null or name = any($7))
          and ($8::text[] is null or type = any($8))
          and ($9::text[] is null or source = any($9))
        order by occurred_at desc, position desc limit $10
      ) entry
    ) ranked
    where rank <= $10 order by person, occurred_at desc, position desc`,
};

const insert = {
  name: "events-timeline-insert",
  text: `
    insert into events.timeline (subject_key, occurred_at, position, type, name, source)
    select * from unnest($1::text[], $2::timestamptz[], $3::bigint[],
      $4::text[], $5::text[], $6::text[])
    on conflict do nothing`,
};

/** Timelines on PostgreSQL, embedded or not. */
export class PostgresTimelineStore implements TimelineStore {
  insert(transaction: Transaction, rows: readonly TimelineRow[]): void {
    if (rows.length === 0) return;
    transaction.write(insert, [
      rows.map((row) => row.subjectKey),
      rows.map((row) => row.occurredAt),
      rows.map((row) => row.position),
      rows.map((row) => row.type),
      rows.map((row) => row.name),
      rows.map((row) => row.source),
    ]);
  }

  async removeUpTo(transaction: Transaction, position: number, limit: number): Promise<number> {
    const removed = await transaction.query(
      `delete from events.timeline where ctid in (
         select ctid from events.timeline where position <= $1 limit $2)
       returning position`,
      [position, limit],
    );
    return removed.length;
  }

  async pages(
    session: Session,
    subjects: readonly string[][],
    page: Omit<TimelinePageOf, "subjectKeys">,
  ): Promise<TimelinePlace[][]> {
    const { after, filter, limit } = page;
    const rows = await session.query<{ person: number; at: number; position: number }>(pages, [
      subjects.flatMap((keys, person) => keys.map(() => person)),
      subjects.flat(),
      after ? new Date(after[0]) : null,
      after ? after[1] : null,
      filter.from,
      filter.until,
      filter.names,
      filter.types,
      filter.sources,
      limit,
    ]);
    const found: TimelinePlace[][] = subjects.map(() => []);
    for (const { person, at, position } of rows) found[person]!.push({ at, position });
    return found;
  }
}
