import type { Session } from "../../../kernel/database/database.ts";
import type { Attempt, DeliveryStatus } from "../domain/delivery.ts";
import { fences } from "./postgres-lane-store.ts";
import type { TellingKey } from "./postgres-telling-store.ts";
import { lockedRow } from "./telling-record.ts";

/** What an attempt came to. */
export interface Settlement {
  id: string;
  sync: string;
  claim: number;
  status: DeliveryStatus;
  dueAt: Date | null;
  touched: boolean;
  tries: number;
  attemptCount: number;
  attempts: Attempt[];
}

/** A message that arrived. */
export interface Confirmation extends TellingKey {
  id: string;
  audience: string | null;
  told: boolean;
}

/** What attempts came to, written in sets under the fence they were sent under. */
export class PostgresOutcomeStore {
  /** Writes what attempts came to; gives the ids still held under their fence. */
  async settle(
    session: Session,
    settlements: readonly Settlement[],
    now: Date,
  ): Promise<Set<string>> {
    const rows = await session.query<{ id: string }>(
      `update activation.deliveries d set status = u.status, touched = u.touched, tries = u.tries,
         attempt_count = u.attempt_count, attempts = u.attempts, updated_at = $9,
         is_stuck = u.status = 'DEAD', lease_until = null,
         due_at = case when s.state = 'ACTIVE' then u.due_at end
       from unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::boolean[], $6::int[],
         $7::int[], $8::text[], $10::text[])
         u (id, claim, status, due_at, touched, tries, attempt_count, attempts, sync)
       join activation.syncs s on s.name = u.sync
       where d.id = u.id and d.claim = u.claim and d.status = 'SENDING' returning d.id`,
      [
        ...fences(settlements),
        settlements.map((one) => one.status),
        settlements.map((one) => one.dueAt),
        settlements.map((one) => one.touched),
        settlements.map((one) => one.tries),
        settlements.map((one) => one.attemptCount),
        settlements.map((one) => JSON.stringify(one.attempts)),
        now,
        settlements.map((one) => one.sync),
      ],
    );
    return new Set(rows.map((row) => row.id));
  }

  /**
   * Notes that these messages arrived. `told`: what the destination believes now. Gives the
   * tellings that have more to say: the membership is another again, or a change waited behind the
   * message.
   */
  async confirm(session: Session, confirmed: readonly Confirmation[]): Promise<TellingKey[]> {
    if (confirmed.length === 0) return [];
    const rows = await session.query<{ sync: string; person_id: string }>(
      `with told as (
         update activation.tellings t set told = u.told, refused = false, open_id = null
         from (select u.told, u.audience, u.open_id, found.ctid
               from unnest($1::text[], $2::text[], $3::text[], $4::boolean[], $5::text[])
                 u (sync, person_id, open_id, told, audience)
               cross join lateral ${lockedRow}) u
         where t.ctid = u.ctid and t.open_id = u.open_id
         returning t.sync, t.person_id, t.told, t.again, u.audience)
       select sync, person_id from told
       where again is not null
         or told <> exists (select 1 from activation.members m
              where m.audience = told.audience and m.person_id = told.person_id limit 1)
         or exists (select 1 from activation.redirects r where r.old_id = told.person_id limit 1)`,
      [
        confirmed.map((one) => one.sync),
        confirmed.map((one) => one.personId),
        confirmed.map((one) => one.id),
        confirmed.map((one) => one.told),
        confirmed.map((one) => one.audience),
      ],
    );
    return rows.map((row) => ({ sync: row.sync, personId: row.person_id }));
  }
}
