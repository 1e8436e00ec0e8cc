import type { Database, Migration } from "./database.ts";

/** Any number; one that other users of the same PostgreSQL will hardly pick. */
const migrationLock = 7_164_320_017;

/**
 * Brings the schema of one owner up to date: runs the migrations it has not seen, in order, each in a
 * transaction of its own. Processes that start together wait for each other.
 */
export async function migrate(
  database: Database,
  owner: string,
  migrations: readonly Migration[],
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock($1)", [migrationLock]);
    await tx.query(
      `create table if not exists public.schema_migrations (
        owner text not null, name text not null, applied_at timestamptz not null default now(),
        primary key (owner, name))`,
    );
  });
  for (const migration of migrations) {
    await database.transaction(async (tx) => {
      await tx.query("select pg_advisory_xact_lock($1)", [migrationLock]);
      const known = await tx.query(
        "select 1 from public.schema_migrations where owner = $1 and name = $2",
        [owner, migration.name],
      );
      if (known.length > 0) return;
      await tx.query(migration.sql);
      await tx.query("insert into public.schema_migrations (owner, name) values ($1, $2)", [
        owner,
        migration.name,
      ]);
    });
  }
}
