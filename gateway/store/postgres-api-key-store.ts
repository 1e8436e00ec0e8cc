import type { Database, Row } from "../../kernel/database/database.ts";
import { allScopes, isScope } from "../../kernel/security/scopes.ts";
import type { ApiKey } from "../domain/api-key.ts";
import type { ApiKeyStore } from "./api-key-store.ts";

const columns = "id, name, prefix, scopes, is_root, created_at, revoked_at";

/** Keys in the table `gateway.api_keys`. */
export class PostgresApiKeyStore implements ApiKeyStore {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async insert(apiKey: ApiKey, secretHash: string): Promise<void> {
    await this.database.query(
      `insert into gateway.api_keys (id, name, prefix, secret_hash, scopes, is_root, created_at)
       values ($1, $2, $3, $4, $5::text[], $6, $7::timestamptz)
       on conflict (secret_hash) do nothing`,
      [
        apiKey.id,
        apiKey.name,
        apiKey.prefix,
        secretHash,
        apiKey.scopes,
        apiKey.isRoot,
        apiKey.createdAt.toISOString(),
      ],
    );
  }

  async byHash(secretHash: string): Promise<ApiKey | null> {
    const rows = await this.database.query(
      {
        name: "gateway-key-by-hash",
        text: `select ${columns} from gateway.api_keys where secret_hash = $1`,
      },
      [secretHash],
    );
    return rows[0] ? apiKeyOf(rows[0]) : null;
  }

  async revoke(id: string, at: Date): Promise<ApiKey | null> {
    const rows = await this.database.query(
      `update gateway.api_keys set revoked_at = coalesce(revoked_at, $2::timestamptz)
       where id = $1 returning ${columns}`,
      [id, at.toISOString()],
    );
    return rows[0] ? apiKeyOf(rows[0]) : null;
  }

  async revokeOtherRoots(secretHash: string, at: Date): Promise<void> {
    await this.database.query(
      `update gateway.api_keys set revoked_at = $2::timestamptz
       where is_root and secret_hash <> $1 and revoked_at is null`,
      [secretHash, at.toISOString()],
    );
  }

  async hasRoot(): Promise<boolean> {
    const rows = await this.database.query(
      `select 1 from gateway.api_keys
       where is_root or (revoked_at is null and 'keys:write' = any(scopes)) limit 1`,
    );
    return rows.length > 0;
  }

  async revokedAmong(ids: string[]): Promise<string[]> {
    const rows = await this.database.query<{ id: string }>(
      `select id from gateway.api_keys where id = any($1::text[]) and revoked_at is not null`,
      [ids],
    );
    return rows.map((row) => row.id);
  }

  async list(limit: number, afterId: string | null): Promise<ApiKey[]> {
    const rows = await this.database.query(
      `select ${columns} from gateway.api_keys
       where $2::text is null or id < $2 order by id desc limit $1`,
      [limit, afterId],
    );
    return rows.map(apiKeyOf);
  }

  async count(): Promise<number> {
    const rows = await this.database.query<{ count: number }>(
      "select count(*) as count from gateway.api_keys",
    );
    return Number(rows[0]?.count ?? 0);
  }
}

function apiKeyOf(row: Row): ApiKey {
  const revokedAt = row["revoked_at"] as Date | null;
  const isRoot = row["is_root"] === true;
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    prefix: String(row["prefix"]),
    scopes: isRoot ? allScopes : (row["scopes"] as string[]).filter(isScope),
    isRoot,
    createdAt: new Date(row["created_at"] as Date),
    revokedAt: revokedAt ? new Date(revokedAt) : null,
  };
}
