import type { Database } from "../../../kernel/database/database.ts";
import type { CensusTaker, GraphCensus } from "./graph-census.ts";

/** The census of the graph in PostgreSQL. */
export class PostgresCensus implements CensusTaker {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async census(fromChangeId: string): Promise<GraphCensus> {
    const sizes = await this.database.query<{ size: number; count: number }>(
      `select size, count(*) as count from identity.persons
       where merged_into is null and size > 0 group by size order by size`,
    );
    const covered = await this.database.query<{ namespace: string; persons: number; all: number }>(
      `select namespace, count(distinct person_id) as persons, count(*) as all
       from identity.identifiers where seen and person_id is not null
       group by namespace order by namespace`,
    );
    const changes = await this.database.query<{ kind: string; count: number }>(
      `select kind, count(*) as count from identity.audit_entries
       where kind in ('MERGE', 'SPLIT') and id collate "C" >= $1 group by kind`,
      [fromChangeId],
    );
    const counted = new Map(changes.map(({ kind, count }) => [kind, count]));
    return {
      persons: sizes.reduce((sum, { count }) => sum + count, 0),
      identifiers: covered.reduce((sum, { all }) => sum + all, 0),
      sizes,
      covered: covered.map(({ namespace, persons }) => ({ namespace, persons })),
      merges: counted.get("MERGE") ?? 0,
      splits: counted.get("SPLIT") ?? 0,
    };
  }
}
