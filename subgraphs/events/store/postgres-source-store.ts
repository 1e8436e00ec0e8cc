import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { Source, SourceKind, SourceStatistics } from "../domain/source.ts";
import type { CountsRow, KeyHolder, SourceStore, WriteKeyRow } from "./source-store.ts";

interface SourceRow extends Record<string, unknown> {
  name: string;
  title: string;
  kind: string;
  created_at: Date;
  disabled_at: Date | null;
}

interface StatisticsRow extends Record<string, unknown> {
  name: string;
  accepted: number;
  duplicates: number;
  quarantined: number;
  rejected: number;
  last_event_at: Date | null;
}

interface KeyRow extends Record<string, unknown> {
  hash: string;
  source: string;
  prefix: string;
  created_at: Date;
  revoked_at: Date | null;
}

const columns = "name, title, kind, created_at, disabled_at";

/** Sources on PostgreSQL, embedded or not. */
export class PostgresSourceStore implements SourceStore {
  async insert(transaction: Transaction, source: Source): Promise<boolean> {
    const rows = await transaction.query(
      `insert into events.sources (name, title, kind, created_at) values ($1, $2, $3, $4)
       on conflict (name) do nothing returning name`,
      [source.name, source.title, source.kind, source.createdAt],
    );
    return rows.length > 0;
  }

  async insertKey(transaction: Transaction, key: WriteKeyRow): Promise<void> {
    await transaction.query(
      "insert into events.write_keys (hash, source, prefix, created_at) values ($1, $2, $3, $4)",
      [key.hash, key.source, key.prefix, key.createdAt],
    );
  }

  async page(session: Session, after: string | null, limit: number): Promise<Source[]> {
    const rows = await session.query<SourceRow>(
      `select ${columns} from events.sources where $1::text is null or name > $1
       order by name limit $2`,
      [after, limit],
    );
    return rows.map(sourceOf);
  }

  async byNames(session: Session, names: readonly string[]): Promise<Map<string, Source>> {
    const rows = await session.query<SourceRow>(
      `select ${columns} from events.sources where name = any($1::text[])`,
      [names],
    );
    return new Map(rows.map((row) => [row.name, sourceOf(row)]));
  }

  async count(session: Session): Promise<number> {
    const [row] = await session.query<{ count: number }>("select count(*) from events.sources");
    return row?.count ?? 0;
  }

  async statistics(
    session: Session,
    names: readonly string[],
  ): Promise<Map<string, SourceStatistics>> {
    const rows = await session.query<StatisticsRow>(
      `select name, accepted, duplicates, quarantined, rejected, last_event_at
       from events.sources where name = any($1::text[])`,
      [names],
    );
    return new Map(rows.map((row) => [row.name, { ...row, lastEventAt: row.last_event_at }]));
  }

  async keysOf(session: Session, names: readonly string[]): Promise<WriteKeyRow[]> {
    const rows = await session.query<KeyRow>(
      `select hash, source, prefix, created_at, revoked_at from events.write_keys
       where source = any($1::text[]) order by created_at desc, hash`,
      [names],
    );
    return rows.map((row) => ({ ...row, createdAt: row.created_at, revokedAt: row.revoked_at }));
  }

  async holderOf(session: Session, hash: string): Promise<KeyHolder | null> {
    const [row] = await session.query<KeyHolder & Record<string, unknown>>(
      `select key.source, key.revoked_at is not null as "isRevoked",
         source.disabled_at is not null as "isDisabled"
       from events.write_keys key join events.sources source on source.name = key.source
       where key.hash = $1`,
      [hash],
    );
    return row ?? null;
  }

  async revokeKeys(
    session: Session,
    source: string,
    prefix: string | null,
    at: Date,
  ): Promise<number> {
    const rows = await session.query(
      `update events.write_keys set revoked_at = $3
       where source = $1 and revoked_at is null and ($2::text is null or prefix = $2) returning 1`,
      [source, prefix, at],
    );
    return rows.length;
  }

  async setDisabledAt(session: Session, source: string, at: Date | null): Promise<void> {
    await session.query("update events.sources set disabled_at = $2 where name = $1", [source, at]);
  }

  async addCounts(session: Session, counts: readonly CountsRow[]): Promise<void> {
    await session.query(
      {
        name: "events-add-counts",
        text: `
          update events.sources source set
            accepted = source.accepted + added.accepted,
            duplicates = source.duplicates + added.duplicates,
            quarantined = source.quarantined + added.quarantined,
            rejected = source.rejected + added.rejected,
            last_event_at = greatest(source.last_event_at, added.last_event_at)
          from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
            $6::timestamptz[])
            as added (name, accepted, duplicates, quarantined, rejected, last_event_at)
          where source.name = added.name`,
      },
      [
        counts.map((one) => one.source),
        counts.map((one) => one.accepted),
        counts.map((one) => one.duplicates),
        counts.map((one) => one.quarantined),
        counts.map((one) => one.rejected),
        counts.map((one) => one.lastEventAt),
      ],
    );
  }
}

function sourceOf(row: SourceRow): Source {
  return {
    name: row.name,
    title: row.title,
    kind: row.kind as SourceKind,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}
