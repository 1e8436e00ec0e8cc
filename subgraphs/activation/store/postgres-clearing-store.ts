import type { Session } from "../../../kernel/database/database.ts";
import type { TellingKey } from "./postgres-telling-store.ts";

/** A telling of a deleted sync, with its open message. */
export interface ClearableTelling extends TellingKey {
  openId: string | null;
}

/** A line of the ledger that ends undelivered. */
export interface CancelledDelivery extends TellingKey {
  id: string;
  destination: string;
}

/** What a deleted sync leaves to be ended. An attempt under way is let end in its own time. */
export class PostgresClearingStore {
  /** At most `limit` tellings of a sync, without those of which an attempt is under way. */
  async tellings(
    session: Session,
    sync: string,
    now: Date,
    limit: number,
  ): Promise<ClearableTelling[]> {
    const rows = await session.query<{ person_id: string; open_id: string | null }>(
      `select t.person_id, t.open_id from activation.tellings t
       left join lateral (
         select status, lease_until from activation.deliveries where id = t.open_id limit 1) d on true
       where t.sync = $1
         and not coalesce(d.status = 'SENDING' and d.lease_until > $2::timestamptz, false)
       order by t.person_id limit $3`,
      [sync, now, limit],
    );
    return rows.map((row) => ({ sync, personId: row.person_id, openId: row.open_id }));
  }

  /** Ids of at most `limit` dead or withheld messages of a sync. */
  async stuck(
    session: Session,
    { name, destination }: { name: string; destination: string },
    limit: number,
  ): Promise<string[]> {
    const rows = await session.query<{ id: string }>(
      `select id from activation.deliveries
       where destination = $1 and is_stuck and sync = $2 order by id limit $3`,
      [destination, name, limit],
    );
    return rows.map((row) => row.id);
  }

  /** Ends those that were not delivered; what was tried stays on record. Gives the ended ones. */
  async cancel(
    session: Session,
    ids: readonly string[],
    note: string,
    now: Date,
  ): Promise<CancelledDelivery[]> {
    if (ids.length === 0) return [];
    const rows = await session.query<{
      id: string;
      destination: string;
      sync: string;
      person_id: string;
    }>(
      `update activation.deliveries set status = 'CANCELLED', is_stuck = false, due_at = null,
         lease_until = null, claim = claim + 1, held = null, note = $2, updated_at = $3
       where id = any($1::text[])
         and (status in ('PENDING', 'RETRYING', 'WITHHELD', 'DEAD')
           or status = 'SENDING' and (lease_until is null or lease_until <= $3))
       returning id, destination, sync, person_id`,
      [ids, note, now],
    );
    return rows.map(({ person_id: personId, ...row }) => ({ ...row, personId }));
  }

  /** Forgets what was told of these persons, unless an attempt is under way. */
  async removeTellings(
    session: Session,
    sync: string,
    personIds: readonly string[],
  ): Promise<void> {
    await session.query(
      `delete from activation.tellings t
       where sync = $1 and person_id = any($2::text[]) and not exists (
         select 1 from activation.deliveries where id = t.open_id and status = 'SENDING')`,
      [sync, personIds],
    );
    await session.query(
      "delete from activation.checks where sync = $1 and person_id = any($2::text[])",
      [sync, personIds],
    );
  }

  async hasTellings(session: Session, sync: string): Promise<boolean> {
    const rows = await session.query("select 1 from activation.tellings where sync = $1 limit 1", [
      sync,
    ]);
    return rows.length > 0;
  }
}
