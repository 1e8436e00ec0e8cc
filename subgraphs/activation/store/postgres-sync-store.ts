import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import type { Sync, SyncState } from "../domain/sync.ts";

/** Any number; one that nothing else of ours locks. */
const syncsLock = 7_164_320_106;

/** Syncs by name; at most a few thousand, read anew by each batch that needs them. */
export class PostgresSyncStore {
  private readonly isShared: boolean;

  /** `isShared`: other sessions write too (PostgreSQL); the embedded database has a single one. */
  constructor(isShared: boolean) {
    this.isShared = isShared;
  }

  /**
   * Until the transaction ends no sync is made, paused or resumed: what it opens is opened for the
   * syncs there are, and as they stand. Before it locks anything else.
   */
  keep(transaction: Transaction): void {
    if (this.isShared) transaction.write("select pg_advisory_xact_lock_shared($1)", [syncsLock]);
  }

  /** Waits for who relies on the syncs as they are (`keep`); who comes later sees the change. */
  async change(transaction: Session): Promise<void> {
    if (!this.isShared) return;
    await transaction.query("select pg_advisory_xact_lock($1)", [syncsLock]);
  }

  /** False when the name is taken; that of a deleted one is free once it has been cleared. */
  async insert(session: Session, sync: Sync): Promise<boolean> {
    const rows = await session.query(
      `insert into activation.syncs (name, destination, audience, purpose, channel, identifiers,
         traits, state, created_at, sweep_after)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (name) do update set
         destination = excluded.destination, audience = excluded.audience,
         purpose = excluded.purpose, channel = excluded.channel,
         identifiers = excluded.identifiers, traits = excluded.traits, state = excluded.state,
         created_at = excluded.created_at, sweep_after = excluded.sweep_after, deleted_at = null
       where syncs.state = 'DELETED' and syncs.sweep_after is null returning name`,
      [
        sync.name,
        sync.destination,
        sync.audience,
        sync.purpose,
        sync.channel,
        JSON.stringify(sync.identifiers),
        JSON.stringify(sync.traits),
        sync.state,
        sync.createdAt,
        sync.sweepAfter,
      ],
    );
    return rows.length === 1;
  }

  /** Deleted ones too, for the lines of the ledger. */
  async byNames(session: Session, names: readonly string[]): Promise<Sync[]> {
    const rows = await session.query(
      "select * from activation.syncs where name = any($1::text[])",
      [names],
    );
    return rows.map(toSync);
  }

  async ofDestinations(session: Session, destinations: readonly string[]): Promise<Sync[]> {
    const rows = await session.query(
      `select * from activation.syncs
       where destination = any($1::text[]) and state <> 'DELETED' order by name`,
      [destinations],
    );
    return rows.map(toSync);
  }

  async ofAudiences(session: Session, audiences: readonly string[]): Promise<Sync[]> {
    const rows = await session.query(
      `select * from activation.syncs
       where audience = any($1::text[]) and state <> 'DELETED' order by name`,
      [audiences],
    );
    return rows.map(toSync);
  }

  /** All that are not deleted, by name: bounded by what people define. */
  async all(session: Session): Promise<Sync[]> {
    const rows = await session.query(
      "select * from activation.syncs where state <> 'DELETED' order by name",
    );
    return rows.map(toSync);
  }

  /** By name, after `after`; without those that were deleted. */
  async page(session: Session, after: string, limit: number): Promise<Sync[]> {
    const rows = await session.query(
      `select * from activation.syncs where name > $1 and state <> 'DELETED'
       order by name limit $2`,
      [after, limit],
    );
    return rows.map(toSync);
  }

  /** Null when there is no such sync. */
  async setState(session: Session, name: string, state: SyncState): Promise<Sync | null> {
    const [row] = await session.query(
      `update activation.syncs set state = $2
       where name = $1 and state <> 'DELETED' returning *`,
      [name, state],
    );
    return row ? toSync(row) : null;
  }

  /** Ends a sync; null when there is none that is not deleted. It is still to be cleared. */
  async delete(session: Session, name: string, now: Date): Promise<Sync | null> {
    const [row] = await session.query(
      `update activation.syncs set state = 'DELETED', deleted_at = $2, sweep_after = ''
       where name = $1 and state <> 'DELETED' returning *`,
      [name, now],
    );
    return row ? toSync(row) : null;
  }

  /** Names of deleted syncs that are still to be cleared. */
  async uncleared(session: Session): Promise<string[]> {
    const rows = await session.query<{ name: string }>(
      `select name from activation.syncs
       where state = 'DELETED' and sweep_after is not null order by deleted_at, name`,
    );
    return rows.map((row) => row.name);
  }

  /** That sync, locked, when it is still to be cleared. */
  async lockUncleared(session: Session, name: string): Promise<Sync | null> {
    const [row] = await session.query(
      `select * from activation.syncs
       where name = $1 and state = 'DELETED' and sweep_after is not null for update`,
      [name],
    );
    return row ? toSync(row) : null;
  }

  /** Forgets those that were cleared and deleted before `instant`. */
  async forget(session: Session, instant: Date): Promise<void> {
    await session.query(
      "delete from activation.syncs where deleted_at < $1 and sweep_after is null",
      [instant],
    );
  }

  /** Begins, moves on or (null) ends the sweep over the persons of these syncs. */
  async setSweep(
    session: Session,
    names: readonly string[],
    sweepAfter: string | null,
  ): Promise<void> {
    await session.query(
      "update activation.syncs set sweep_after = $2 where name = any($1::text[])",
      [names, sweepAfter],
    );
  }

  /** One sync whose sweep is under way, locked; null when there is none. */
  async lockSwept(session: Session): Promise<Sync | null> {
    const [row] = await session.query(
      `select * from activation.syncs where sweep_after is not null and state <> 'DELETED'
       order by sweep_after, name limit 1 for update skip locked`,
    );
    return row ? toSync(row) : null;
  }
}

function toSync(row: Row): Sync {
  return {
    name: row["name"] as string,
    destination: row["destination"] as string,
    audience: row["audience"] as string | null,
    purpose: row["purpose"] as string,
    channel: row["channel"] as string,
    identifiers: JSON.parse(row["identifiers"] as string) as string[],
    traits: JSON.parse(row["traits"] as string) as string[],
    state: row["state"] as SyncState,
    createdAt: row["created_at"] as Date,
    deletedAt: row["deleted_at"] as Date | null,
    sweepAfter: row["sweep_after"] as string | null,
  };
}
