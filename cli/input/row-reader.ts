import { InputError } from "./input-error.ts";
import type { RowReader } from "./input-row.ts";
import { readCsv } from "./read-csv.ts";
import { readJsonLines } from "./read-json-lines.ts";
import { readParquet } from "./read-parquet.ts";

const READERS: readonly [RegExp, RowReader][] = [
  [/\.(csv|tsv|txt|psv)(\.gz)?$/i, readCsv],
  [/\.(jsonl|ndjson|json)(\.gz)?$/i, readJsonLines],
  [/\.(parquet|pq)$/i, readParquet],
];

/** The reader for a file, by the end of its name. */
export function rowReader(path: string): RowReader {
  const reader = READERS.find(([ending]) => ending.test(path))?.[1];
  if (reader === undefined) {
    throw new InputError(
      "the name must end in .csv, .tsv, .jsonl, .ndjson or .parquet (.gz is fine)",
      { file: path },
    );
  }
  return reader;
}
