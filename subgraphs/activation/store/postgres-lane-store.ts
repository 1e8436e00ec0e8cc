import type { Row, Session } from "../../../kernel/database/database.ts";
import type { ConsentVerdict, HeldBecause } from "../domain/delivery.ts";
import { toDeliveryRecord } from "./delivery-record.ts";
import type { DueDelivery } from "./due-delivery.ts";

export interface Fence {
  id: string;
  claim: number;
}

export interface DueQuestion {
  now: Date;
  limit: number;
  onlyExits: boolean;
  /** Ids of those that are known already. */
  except: readonly string[];
}

/** The lanes: what is due per destination, claimed in sets, fenced by (id, claim). */
export class PostgresLaneStore {
  /**
   * The due deliveries of a destination, oldest wish first. Planned anew on each call (no named
   * statement), so that the plan follows the size of the tables and needs no statistics.
   */
  async due(
    session: Session,
    destination: string,
    { now, limit, onlyExits, except }: DueQuestion,
  ): Promise<DueDelivery[]> {
    const rows = await session.query(
      `select d.*, coalesce(t.told, false) as told, coalesce(t.refused, false) as refused,
         coalesce(t.open_id = d.id, false) as current, m.person_id is not null as member,
         m.version as member_version, r.current_id as survivor
       from (select * from activation.deliveries
             where destination = $1 and due_at <= $2
               and (lease_until is null or lease_until <= $2)
               ${onlyExits ? "and kind = 'EXITED'" : ""}
               ${except.length > 0 ? "and id <> all($4::text[])" : ""}
             order by due_at, id limit $3) d
       left join lateral (
         select told, refused, open_id from activation.tellings
         where sync = d.sync and person_id = d.person_id limit 1) t on true
       left join lateral (
         select person_id, version from activation.members
         where audience = d.audience and person_id = d.person_id limit 1) m on true
       left join lateral (
         select current_id from activation.redirects where old_id = d.person_id limit 1) r on true
       order by d.due_at, d.id`,
      [destination, now, limit, ...(except.length > 0 ? [except] : [])],
    );
    return rows.map(toDueDelivery);
  }

  /**
   * Which of these must wait for an earlier message to the same person in another sync of the
   * destination; they become due when that one is. Locks them in order of ids, as `park` does.
   */
  async deferred(
    session: Session,
    syncs: readonly string[],
    due: readonly DueDelivery[],
    notBefore: Date,
  ): Promise<Set<string>> {
    const rows = await session.query<{ id: string }>(
      `with earlier as (
         select k.id, k.claim, max(e.due_at) as due_at
         from unnest($1::text[], $2::text[], $5::int[]) k (id, person_id, claim)
         cross join unnest($3::text[]) s (name)
         cross join lateral (
           select open_id from activation.tellings
           where sync = s.name and person_id = k.person_id limit 1) t
         cross join lateral (
           select id, due_at from activation.deliveries where id = t.open_id limit 1) e
         where e.id < k.id and e.due_at is not null
         group by k.id, k.claim),
       held as (
         select d.id, earlier.due_at from earlier join activation.deliveries d
           on d.id = earlier.id and d.claim = earlier.claim
         order by d.id for update of d)
       update activation.deliveries d
       set due_at = greatest(held.due_at, $4::timestamptz), claim = d.claim + 1
       from held where d.id = held.id returning d.id`,
      [
        due.map((delivery) => delivery.id),
        due.map((delivery) => delivery.personId),
        syncs,
        notBefore,
        due.map((delivery) => delivery.claim),
      ],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** When the next delivery that nobody holds is due; null when none is. */
  async nextDueAt(session: Session, destination: string, now: Date): Promise<Date | null> {
    const [row] = await session.query<{ due_at: Date }>(
      `select greatest(due_at, lease_until) as due_at from activation.deliveries
       where destination = $1 and due_at is not null
         and (lease_until is null or lease_until <= $2)
       order by due_at limit 1`,
      [destination, now],
    );
    return row?.due_at ?? null;
  }

  /**
   * Takes deliveries for sending until `leaseUntil`; gives the ids it got. From here on the
   * endpoint may have seen them: that stands in the ledger before the first byte leaves.
   */
  async claim(
    session: Session,
    taken: readonly (Fence & { decision: ConsentVerdict | null })[],
    leaseUntil: Date,
    now: Date,
  ): Promise<Set<string>> {
    const rows = await session.query<{ id: string }>(
      `update activation.deliveries d set status = 'SENDING', claim = d.claim + 1,
         lease_until = $4, touched = true, held = null,
         decision = coalesce(u.decision, d.decision), updated_at = $5
       from unnest($1::text[], $2::int[], $3::text[]) u (id, claim, decision)
       where d.id = u.id and d.claim = u.claim and d.due_at is not null returning d.id`,
      [...fences(taken), taken.map((one) => textOf(one.decision)), leaseUntil, now],
    );
    return new Set(rows.map((row) => row.id));
  }

  /**
   * Takes attempts whose worker is gone (they were due although under way) for what they are: over,
   * and perhaps arrived. Those of a sync that does not send are due no more.
   */
  async abandon(session: Session, due: readonly Fence[], now: Date): Promise<void> {
    if (due.length === 0) return;
    await session.query(
      `update activation.deliveries d set status = 'RETRYING', claim = d.claim + 1,
         lease_until = null, updated_at = $3,
         due_at = case when exists (
           select 1 from activation.syncs where name = d.sync and state = 'ACTIVE') then d.due_at end
       from unnest($1::text[], $2::int[]) u (id, claim)
       where d.id = u.id and d.claim = u.claim and d.status = 'SENDING'`,
      [...fences(due), now],
    );
  }

  /** Parks deliveries that consent refuses; gives the ids it parked. */
  async withhold(
    session: Session,
    withheld: readonly (Fence & { decision: ConsentVerdict })[],
    now: Date,
  ): Promise<string[]> {
    if (withheld.length === 0) return [];
    const rows = await session.query<{ id: string }>(
      `update activation.deliveries d set status = 'WITHHELD', is_stuck = true, claim = d.claim + 1,
         due_at = null, lease_until = null, held = null, decision = u.decision, updated_at = $4
       from unnest($1::text[], $2::int[], $3::text[]) u (id, claim, decision)
       where d.id = u.id and d.claim = u.claim and d.due_at is not null returning d.id`,
      [...fences(withheld), withheld.map((one) => textOf(one.decision)), now],
    );
    return rows.map((row) => row.id);
  }

  /**
   * Makes void what a lane may have decided about messages of which nothing has left; gives those
   * that it reached.
   */
  async voidDecisions(session: Session, ids: readonly string[]): Promise<Set<string>> {
    const rows = await session.query<{ id: string }>(
      `update activation.deliveries set claim = claim + 1
       where id = any($1::text[]) and status in ('PENDING', 'RETRYING') returning id`,
      [ids],
    );
    return new Set(rows.map((row) => row.id));
  }

  /** Shows why due deliveries are not being tried. */
  async hold(session: Session, ids: readonly string[], because: HeldBecause): Promise<void> {
    await session.query(
      `update activation.deliveries set held = $2
       where id = any($1::text[]) and held is distinct from $2`,
      [ids, because],
    );
  }

  /** Makes those of the deliveries that wait for a retry due now; gives how many. */
  async hasten(session: Session, ids: readonly string[], now: Date): Promise<number> {
    if (ids.length === 0) return 0;
    const rows = await session.query(
      `update activation.deliveries set due_at = $2, tries = 0, claim = claim + 1, updated_at = $2
       where id = any($1::text[]) and status = 'RETRYING' and due_at is not null
       returning 1 as one`,
      [ids, now],
    );
    return rows.length;
  }

  /** Makes everything that a stopped worker left in the middle due at once. */
  async releaseAll(session: Session): Promise<void> {
    await session.query(
      `update activation.deliveries set lease_until = null, claim = claim + 1
       where due_at is not null and lease_until is not null`,
    );
  }

  /** Parks (`ACTIVE` to `PAUSED`) or makes due (back) what waits in a sync; locks it in order of ids. */
  async park(session: Session, sync: string, parked: boolean, now: Date): Promise<void> {
    await session.query(
      `update activation.deliveries d set due_at = $2, claim = d.claim + 1
       from (select id from activation.deliveries
             where sync = $1 and status in ('PENDING', 'RETRYING') and (due_at is null) <> $3
             order by id for update) k
       where d.id = k.id`,
      [sync, parked ? null : now, parked],
    );
  }
}

export function fences(taken: readonly Fence[]): [string[], number[]] {
  return [taken.map((one) => one.id), taken.map((one) => one.claim)];
}

function textOf(decision: ConsentVerdict | null): string | null {
  return decision ? JSON.stringify(decision) : null;
}

function toDueDelivery(row: Row): DueDelivery {
  return {
    ...toDeliveryRecord(row),
    claim: row["claim"] as number,
    touched: row["touched"] as boolean,
    tries: row["tries"] as number,
    told: row["told"] as boolean,
    refused: row["refused"] as boolean,
    current: row["current"] as boolean,
    member: row["member"] as boolean,
    memberVersion: row["member_version"] as number | null,
    survivor: row["survivor"] as string | null,
  };
}
