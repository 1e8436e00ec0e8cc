import { DomainError } from "../errors/domain-error.ts";
import type { Logger } from "../logging/logger.ts";
import type { Database } from "./database.ts";
import { PooledDatabase } from "./pooled-database.ts";
import { PostgresWakeUps } from "./postgres-wake-ups.ts";

const poolSizeMax = 10;
const connectTimeoutMs = 5_000;

/** Connects to PostgreSQL 15 or later. Throws UNAVAILABLE, naming host and reason, never the password. */
export async function openPostgresDatabase(url: string, logger: Logger): Promise<Database> {
  const wakeUps = new PostgresWakeUps(url, logger);
  const database = new PooledDatabase(
    { connectionString: url, max: poolSizeMax, connectionTimeoutMillis: connectTimeoutMs },
    wakeUps,
    () => wakeUps.close(),
  );
  try {
    await database.query("select 1");
    await wakeUps.listen();
    return database;
  } catch (cause) {
    await database.close().catch(() => undefined);
    throw new DomainError(
      "UNAVAILABLE",
      `PostgreSQL at ${hostOf(url)} cannot be used: ${(cause as Error).message || "no answer"}`,
      { retryable: true, cause },
    );
  }
}

function hostOf(url: string): string {
  try {
    return new URL(url).host || "the local socket";
  } catch {
    return "DATABASE_URL (which is no URL)";
  }
}
