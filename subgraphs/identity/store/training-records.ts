import type { Database } from "../../../kernel/database/database.ts";
import type { RecordText } from "../domain/records/learn-from-records.ts";
import { type KnownRecord, recordColumns, toRecord } from "./records.ts";

/** Records one training looks at; of more it takes a sample that the names alone decide. */
export const trainingRecordsMax = 50_000;
const pageRecords = 1_000;

/** Records as the training and the work after it go through them. */
export class TrainingRecords {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async count(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      "select count(*) as count from identity.records",
    );
    return row!.count;
  }

  /** Pairs of records that are one person by what the matcher says. */
  async matchCount(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      "select count(*) as count from identity.record_pairs where confidence > 0",
    );
    return row!.count;
  }

  /** The records to learn from, in the order of their names. */
  async *pages(count: number): AsyncGenerator<RecordText[]> {
    // md5 in four bytes: a share of all names, the same ones at each time.
    const share = Math.min(1, trainingRecordsMax / Math.max(1, count));
    const below = Math.floor(share * 0xffffffff)
      .toString(16)
      .padStart(8, "0");
    for (let after = ""; ; ) {
      const rows = await this.database.query<{
        name: string;
        attributes: string;
        identifiers: string;
      }>(
        `select name, attributes, identifiers from identity.records
         where name > $1 and left(md5(name), 8) collate "C" <= $2 order by name limit $3`,
        [after, below, pageRecords],
      );
      if (rows.length === 0) return;
      after = rows.at(-1)!.name;
      yield rows.map(({ attributes, identifiers }) => ({ attributes, identifiers }));
    }
  }

  /** Records that the version has not scored; those that wait for the graph are scored there. */
  async unscored(version: number, limit: number): Promise<KnownRecord[]> {
    const rows = await this.database.query(
      `select ${recordColumns} from identity.records r
       where r.scored_with < $1 and r.state <> 'PENDING' order by r.scored_with, r.id limit $2`,
      [version, limit],
    );
    return rows.map(toRecord);
  }

  async ungrouped(version: number, limit: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `select r.id from identity.records r
       where r.grouped_with < $1 and r.state <> 'PENDING' order by r.grouped_with, r.id limit $2`,
      [version, limit],
    );
    return rows.map(({ id }) => id);
  }

  /** How far the work after a training is: each record is scored once and grouped once. */
  async progress(version: number): Promise<{ done: number; total: number }> {
    const [row] = await this.database.query<{ done: number; total: number }>(
      `select count(*) filter (where scored_with >= $1)
         + count(*) filter (where grouped_with >= $1) as done, 2 * count(*) as total
       from identity.records`,
      [version],
    );
    return row!;
  }
}
