import type { GraphDatabase } from "./graph-database.ts";

/** Forward-only changes of the graph's schema; each statement says `IF NOT EXISTS`. */
export interface GraphMigration {
  /** `0001-first`, ascending within its owner. */
  name: string;
  statements: readonly string[];
}

const indexesOnlineSecondsMax = 300;

/**
 * Brings constraints and indexes up to date and waits until they are usable. A migration that was
 * cut off is run again; processes that start together may both run it: its statements can be
 * repeated.
 */
export async function migrateGraph(
  graph: GraphDatabase,
  owner: string,
  migrations: readonly GraphMigration[],
): Promise<void> {
  await graph.define(
    `CREATE CONSTRAINT schema_migration_id IF NOT EXISTS
     FOR (migration:SchemaMigration) REQUIRE migration.id IS UNIQUE`,
  );
  const known = await graph.read((tx) =>
    tx.run<{ id: string }>("MATCH (migration:SchemaMigration) RETURN migration.id AS id"),
  );
  const done = new Set(known.map(({ id }) => id));
  const missing = migrations.filter(({ name }) => !done.has(`${owner}/${name}`));
  for (const { name, statements } of missing) {
    for (const statement of statements) await graph.define(statement);
    await graph.define(`CALL db.awaitIndexes(${indexesOnlineSecondsMax})`);
    await graph.write((tx) =>
      tx.run(
        "MERGE (migration:SchemaMigration {id: $id}) ON CREATE SET migration.at = datetime()",
        {
          id: `${owner}/${name}`,
        },
      ),
    );
  }
}
