import type { Row, Session } from "../../../kernel/database/database.ts";
import type { Destination, DestinationState, SigningSecret } from "../domain/destination.ts";

/** Seals what may be secret (settings hold header values) before it is stored. */
export interface Seal {
  seal(text: string): string;
  open(stored: string): string;
}

/** Destinations by name. Settings and signing secrets are sealed at rest. */
export class PostgresDestinationStore {
  private readonly box: Seal;

  constructor(box: Seal) {
    this.box = box;
  }

  /** False when the name is taken; that of a deleted one is free again. */
  async insert(
    session: Session,
    destination: Destination,
    secrets: SigningSecret[],
  ): Promise<boolean> {
    const rows = await session.query(
      `insert into activation.destinations
         (name, kind, settings, secrets, state, state_reason, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (name) do update set
         kind = excluded.kind, settings = excluded.settings, secrets = excluded.secrets,
         state = excluded.state, state_reason = excluded.state_reason,
         created_at = excluded.created_at, updated_at = excluded.updated_at, deleted_at = null
       where destinations.state = 'DELETED' returning name`,
      [
        destination.name,
        destination.kind,
        this.box.seal(JSON.stringify(destination.settings)),
        this.box.seal(JSON.stringify(secrets)),
        destination.state,
        destination.stateReason,
        destination.createdAt,
        destination.updatedAt,
      ],
    );
    return rows.length === 1;
  }

  /** By name; null for a deleted one. */
  async find(session: Session, name: string): Promise<Destination | null> {
    const [found] = await this.byNames(session, [name]);
    return found && found.state !== "DELETED" ? found : null;
  }

  /** Deleted ones too, for the lines of the ledger. */
  async byNames(session: Session, names: readonly string[]): Promise<Destination[]> {
    const rows = await session.query(
      "select * from activation.destinations where name = any($1::text[])",
      [names],
    );
    return rows.map((row) => this.read(row));
  }

  async count(session: Session): Promise<number> {
    const [row] = await session.query<{ count: number }>(
      "select count(*)::int as count from activation.destinations where state <> 'DELETED'",
    );
    return row?.count ?? 0;
  }

  /** By name, after `after`; without those that were deleted. */
  async page(session: Session, after: string, limit: number): Promise<Destination[]> {
    const rows = await session.query(
      `select * from activation.destinations where name > $1 and state <> 'DELETED'
       order by name limit $2`,
      [after, limit],
    );
    return rows.map((row) => this.read(row));
  }

  /** The signing secrets of a destination, locked until the transaction ends when `lock`. */
  async secrets(session: Session, name: string, lock = false): Promise<SigningSecret[] | null> {
    const [row] = await session.query<{ secrets: string }>(
      `select secrets from activation.destinations
       where name = $1 and state <> 'DELETED'${lock ? " for update" : ""}`,
      [name],
    );
    return row ? (JSON.parse(this.box.open(row.secrets)) as SigningSecret[]) : null;
  }

  async setSecrets(
    session: Session,
    name: string,
    secrets: SigningSecret[],
    now: Date,
  ): Promise<void> {
    await session.query(
      "update activation.destinations set secrets = $2, updated_at = $3 where name = $1",
      [name, this.box.seal(JSON.stringify(secrets)), now],
    );
  }

  async setSettings(
    session: Session,
    name: string,
    settings: Record<string, unknown>,
    now: Date,
  ): Promise<void> {
    await session.query(
      `update activation.destinations set settings = $2, updated_at = $3
       where name = $1 and state <> 'DELETED'`,
      [name, this.box.seal(JSON.stringify(settings)), now],
    );
  }

  /** Null when there is no such destination. */
  async setState(
    session: Session,
    name: string,
    state: DestinationState,
    reason: string | null,
    now: Date,
  ): Promise<Destination | null> {
    const [row] = await session.query(
      `update activation.destinations set state = $2, state_reason = $3, updated_at = $4
       where name = $1 and state <> 'DELETED' returning *`,
      [name, state, reason, now],
    );
    return row ? this.read(row) : null;
  }

  /** Leaves the name, and takes away the settings and the secrets. */
  async delete(session: Session, name: string, now: Date): Promise<void> {
    await session.query(
      `update activation.destinations set state = 'DELETED', state_reason = 'Deleted by hand',
         settings = $2, secrets = $3, updated_at = $4, deleted_at = $4
       where name = $1 and state <> 'DELETED'`,
      [name, this.box.seal("{}"), this.box.seal("[]"), now],
    );
  }

  /** Forgets those that were deleted before `instant` and that no sync names any more. */
  async forget(session: Session, instant: Date): Promise<void> {
    await session.query(
      `delete from activation.destinations d where deleted_at < $1
         and not exists (select 1 from activation.syncs where destination = d.name)`,
      [instant],
    );
  }

  private read(row: Row): Destination {
    const settings = JSON.parse(this.box.open(row["settings"] as string)) as Record<
      string,
      unknown
    >;
    return {
      name: row["name"] as string,
      kind: row["kind"] as string,
      settings,
      state: row["state"] as DestinationState,
      stateReason: row["state_reason"] as string | null,
      createdAt: row["created_at"] as Date,
      updatedAt: row["updated_at"] as Date,
      deletedAt: row["deleted_at"] as Date | null,
    };
  }
}
