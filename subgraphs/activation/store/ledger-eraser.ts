import type { Session } from "../../../kernel/database/database.ts";
import type { TellingKey } from "./postgres-telling-store.ts";

/** Removes persons from the ledger and from what it remembers about them. */
export class PostgresLedgerEraser {
  async removeMembers(session: Session, personIds: readonly string[]): Promise<void> {
    await session.query("delete from activation.members where person_id = any($1::text[])", [
      personIds,
    ]);
  }

  async tellingsOf(session: Session, personIds: readonly string[]): Promise<TellingKey[]> {
    const rows = await session.query<{ sync: string; person_id: string }>(
      `select t.sync, t.person_id from activation.tellings t
       join activation.syncs s on s.name = t.sync
       where t.person_id = any($1::text[]) and s.audience is not null`,
      [personIds],
    );
    return rows.map((row) => ({ sync: row.sync, personId: row.person_id }));
  }

  /** Whether an exit is still on its way that may arrive: one of a paused sync waits for nobody. */
  async hasOpenExits(session: Session, personIds: readonly string[]): Promise<boolean> {
    const rows = await session.query(
      `select 1 from activation.deliveries
       where person_id = any($1::text[]) and kind = 'EXITED' and due_at is not null limit 1`,
      [personIds],
    );
    return rows.length > 0;
  }

  /**
   * The lines of the ledger stay, for what was sent was sent; what they say about the person goes.
   * An exit that could not be delivered is tried on, by the person's id alone.
   */
  async erase(session: Session, personIds: readonly string[], now: Date): Promise<void> {
    await session.query(
      `update activation.deliveries set
         status = 'SUPERSEDED', is_stuck = false, due_at = null, lease_until = null,
         claim = claim + 1, held = null, note = 'The person was erased', updated_at = $2
       where person_id = any($1::text[]) and kind <> 'EXITED'
         and status not in ('DELIVERED', 'SUPERSEDED', 'CANCELLED')`,
      [personIds, now],
    );
    await session.query(
      `update activation.deliveries set
         cause = (cause::jsonb || '{"messageId": null, "eventName": null, "changedTraits": []}')::text
       where person_id = any($1::text[])`,
      [personIds],
    );
    await session.query(
      `delete from activation.tellings t where person_id = any($1::text[]) and not exists (
         select 1 from activation.deliveries d where d.id = t.open_id and d.kind = 'EXITED'
           and d.status not in ('DELIVERED', 'SUPERSEDED', 'DEAD', 'CANCELLED'))`,
      [personIds],
    );
    for (const table of ["members", "checks"]) {
      await session.query(`delete from activation.${table} where person_id = any($1::text[])`, [
        personIds,
      ]);
    }
  }
}
