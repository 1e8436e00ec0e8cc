import { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import {
  DEFAULT_MATCH_SETTINGS,
  type MatchResult,
  matchRecords,
  type MatchSettings,
} from "../../subgraphs/identity/domain/matching/match-records.ts";
import { buildSchema } from "../../subgraphs/identity/domain/matching/schema/build-schema.ts";
import { profileColumns } from "../../subgraphs/identity/domain/matching/schema/profile-columns.ts";
import { recogniseColumns } from "../../subgraphs/identity/domain/matching/schema/recognise-columns.ts";
import type { RecordSchema } from "../../subgraphs/identity/domain/matching/schema/record-schema.ts";
import type { SourceRow } from "../../subgraphs/identity/domain/matching/schema/source-row.ts";

/** The schema the columns of some rows lead to; `hidden` columns are never looked at. */
export function schemaOf(rows: readonly SourceRow[], hidden: readonly string[] = []): RecordSchema {
  const profiles = profileColumns(rows).filter(({ column }) => !hidden.includes(column));
  return buildSchema(
    recogniseColumns(profiles, { roleByColumn: new Map(), ignored: new Set() }),
    profiles,
  );
}

export interface SampleRun {
  readonly table: RecordTable;
  readonly result: MatchResult;
}

/** Matches rows as the tool does, with the defaults. */
export function matchRows(
  rows: readonly SourceRow[],
  hidden: readonly string[] = [],
  settings: Partial<MatchSettings> = {},
  sourceOf: (row: SourceRow) => number = () => 0,
): SampleRun {
  const table = new RecordTable(schemaOf(rows, hidden));
  for (const row of rows) table.add(row, sourceOf(row));
  return { table, result: matchRecords(table, { ...DEFAULT_MATCH_SETTINGS, ...settings }) };
}
