import type { Session } from "../../../kernel/database/database.ts";
import type { DeliveryStatus } from "../domain/delivery.ts";
import { type DeliveryRecord, toDeliveryRecord } from "./delivery-record.ts";

/** Which lines of the ledger; all given conditions hold. `[from, until)` is over `createdAt`. */
export interface LedgerFilter {
  destination: string | null;
  sync: string | null;
  statuses: DeliveryStatus[] | null;
  /** Under this id or one that was merged into it. */
  person: string | null;
  from: Date | null;
  until: Date | null;
}

/** A line that a replay concerns; `current`: still the open message of its telling. */
export interface ReplayableDelivery {
  id: string;
  destination: string;
  sync: string;
  personId: string;
  current: boolean;
}

/** Reads of the delivery ledger, newest first (ids sort by creation). */
export class PostgresLedgerStore {
  async byIds(session: Session, ids: readonly string[]): Promise<Map<string, DeliveryRecord>> {
    const rows = await session.query(
      "select * from activation.deliveries where id = any($1::text[])",
      [ids],
    );
    return new Map(rows.map((row) => [row["id"] as string, toDeliveryRecord(row)]));
  }

  /** At most `limit` lines older than `before` (an id; null: from the newest). */
  async page(
    session: Session,
    filter: LedgerFilter,
    before: string | null,
    limit: number,
  ): Promise<DeliveryRecord[]> {
    const { where, values } = conditions(filter);
    const paged = [...where, `($${values.length + 1}::text is null or id < $${values.length + 1})`];
    const rows = await session.query(
      `select * from activation.deliveries where ${paged.join(" and ")}
       order by id desc limit $${values.length + 2}`,
      [...values, before, limit],
    );
    return rows.map(toDeliveryRecord);
  }

  /**
   * For each person, under all ids that lead to it, the newest `limit` lines older than `before`.
   */
  async ofPersons(
    session: Session,
    personIds: readonly string[],
    before: string | null,
    limit: number,
  ): Promise<Map<string, DeliveryRecord[]>> {
    const rows = await session.query(
      `select p.id as asked, d.* from unnest($1::text[]) p (id)
       cross join lateral (
         select * from activation.deliveries e
         where e.person_id = any(array(
             select p.id union select old_id from activation.redirects where current_id = p.id))
           and ($2::text is null or e.id < $2)
         order by e.id desc limit $3) d
       order by p.id, d.id desc`,
      [personIds, before, limit],
    );
    const found = new Map<string, DeliveryRecord[]>(personIds.map((id) => [id, []]));
    for (const row of rows) found.get(row["asked"] as string)?.push(toDeliveryRecord(row));
    return found;
  }

  /** Ids of the lines that a replay concerns, oldest first, after `after`. */
  async replayable(
    session: Session,
    filter: LedgerFilter,
    after: string,
    limit: number,
  ): Promise<ReplayableDelivery[]> {
    const { where, values } = conditions(filter, "d.");
    const rows = await session.query(
      `select d.id, d.destination, d.sync, d.person_id, coalesce(t.open_id = d.id, false) as current
       from activation.deliveries d
       left join activation.tellings t on t.sync = d.sync and t.person_id = d.person_id
       where ${where.join(" and ")} and d.id > $${values.length + 1}
       order by d.id limit $${values.length + 2}`,
      [...values, after, limit],
    );
    return rows.map((row) => ({
      id: row["id"] as string,
      destination: row["destination"] as string,
      sync: row["sync"] as string,
      personId: row["person_id"] as string,
      current: row["current"] as boolean,
    }));
  }

  /**
   * Removes at most `limit` settled lines with an id below `idBefore`; gives how many. What consent
   * said to the entry of who is still in stays with the telling.
   */
  async expire(session: Session, idBefore: string, limit: number): Promise<number> {
    const rows = await session.query(
      `with gone as (
         delete from activation.deliveries where id in (
           select id from activation.deliveries
           where id < $1 and status in ('DELIVERED', 'SUPERSEDED', 'DEAD', 'CANCELLED')
           order by id limit $2)
         returning id, sync, person_id, kind, decision),
       entries as (
         select distinct on (sync, person_id) sync, person_id, decision from gone
         where kind = 'ENTERED' order by sync, person_id, id desc),
       kept as (
         update activation.tellings t set entry_decision = e.decision from entries e
         where t.sync = e.sync and t.person_id = e.person_id and t.told)
       select 1 as one from gone`,
      [idBefore, limit],
    );
    return rows.length;
  }

  /**
   * How many deliveries wait, are withheld and are dead, per destination; each counted to `max`.
   */
  async stuckCounts(
    session: Session,
    destinations: readonly string[],
    max: number,
  ): Promise<Map<string, { waiting: number; withheld: number; dead: number }>> {
    const rows = await session.query(
      `select n.name,
         (select count(*)::int from (select 1 from activation.deliveries
            where destination = n.name and due_at is not null limit $2) w) as waiting,
         (select count(*)::int from (select 1 from activation.deliveries
            where destination = n.name and is_stuck and status = 'WITHHELD'
            limit $2) h) as withheld,
         (select count(*)::int from (select 1 from activation.deliveries
            where destination = n.name and is_stuck and status = 'DEAD' limit $2) x) as dead
       from unnest($1::text[]) n (name)`,
      [destinations, max],
    );
    return new Map(
      rows.map((row) => [
        row["name"] as string,
        {
          waiting: row["waiting"] as number,
          withheld: row["withheld"] as number,
          dead: row["dead"] as number,
        },
      ]),
    );
  }

  /** Keeps who replayed what, and why. */
  async recordReplay(
    session: Session,
    replay: {
      id: string;
      reason: string;
      filter: string;
      actor: string;
      matched: number;
      queued: number;
      createdAt: Date;
    },
  ): Promise<void> {
    await session.query(
      `insert into activation.replays (id, reason, filter, actor, matched, queued, created_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        replay.id,
        replay.reason,
        replay.filter,
        replay.actor,
        replay.matched,
        replay.queued,
        replay.createdAt,
      ],
    );
  }
}

function conditions(filter: LedgerFilter, prefix = ""): { where: string[]; values: unknown[] } {
  const values: unknown[] = [];
  const where = ["true"];
  const add = (value: unknown, condition: (parameter: string) => string) => {
    if (value === null) return;
    values.push(value);
    where.push(prefix + condition(`$${values.length}`));
  };
  add(filter.destination, (parameter) => `destination = ${parameter}`);
  add(filter.sync, (parameter) => `sync = ${parameter}`);
  add(filter.statuses, (parameter) => `status = any(${parameter}::text[])`);
  const stuck = filter.statuses?.every((status) => status === "DEAD" || status === "WITHHELD");
  if (stuck) where.push(`${prefix}is_stuck`);
  add(
    filter.person,
    (parameter) => `person_id = any(array(select ${parameter}::text union
       select old_id from activation.redirects where current_id = ${parameter}))`,
  );
  add(filter.from, (parameter) => `created_at >= ${parameter}`);
  add(filter.until, (parameter) => `created_at < ${parameter}`);
  return { where, values };
}
