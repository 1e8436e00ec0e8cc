import type { RawIdentifier } from "../../../../kernel/announcements/accepted-event.ts";
import { RecordTable } from "../matching/encoding/record-table.ts";
import { DEFAULT_MATCH_SETTINGS, matchRecords } from "../matching/match-records.ts";
import { buildSchema } from "../matching/schema/build-schema.ts";
import { type ColumnProfile, profileColumns } from "../matching/schema/profile-columns.ts";
import { recogniseColumns } from "../matching/schema/recognise-columns.ts";
import { canonicalRecord, type RecordSchema } from "../matching/schema/record-schema.ts";
import type { SourceRow } from "../matching/schema/source-row.ts";
import { boundOf, RecordBlocking } from "./record-blocking.ts";
import { columnsOf } from "./record-columns.ts";
import type { TrainedModel } from "./trained-model.ts";

/** A record to learn from, as it is kept: JSON texts. */
export interface RecordText {
  attributes: string;
  identifiers: string;
}

/** Rows that are looked at before the columns are recognised. */
const profiledRowsMax = 5_000;
const columnsMax = 200;

/**
 * Learns a model from records alone; the same records in the same order and seed give the same. Null: nothing
 * tells persons apart.
 */
export function learnFromRecords(texts: readonly RecordText[], seed: number): TrainedModel | null {
  const rows = texts.map(({ attributes, identifiers }) =>
    columnsOf(JSON.parse(attributes), JSON.parse(identifiers) as RawIdentifier[]),
  );
  const schema = schemaOf(rows);
  if (schema.fields.length === 0) return null;
  const table = new RecordTable(schema);
  for (const row of rows) table.add(row);
  const { model, threshold } = matchRecords(table, { ...DEFAULT_MATCH_SETTINGS, seed });
  return {
    model,
    blockBounds: blockBounds(rows, model.schema),
    joinsFromBits: Math.log2(threshold / (1 - threshold)),
  };
}

function schemaOf(rows: readonly SourceRow[]): RecordSchema {
  const step = Math.max(1, Math.floor(rows.length / profiledRowsMax));
  const profiles = profilesOf(rows.filter((_, place) => place % step === 0));
  const statements = { roleByColumn: new Map(), ignored: new Set<string>() };
  return buildSchema(recogniseColumns(profiles, statements), profiles);
}

/** The columns that are filled most often, where there are too many. */
function profilesOf(rows: readonly SourceRow[]): ColumnProfile[] {
  return profileColumns(rows)
    .sort(
      (left, right) =>
        right.values.length - left.values.length || (left.column < right.column ? -1 : 1),
    )
    .slice(0, columnsMax);
}

/** By rule, the largest block that the bulk run would compare. */
function blockBounds(rows: readonly SourceRow[], schema: RecordSchema): number[] {
  const blocking = new RecordBlocking(schema);
  const sizes = blocking.rules.map(() => new Map<number, number>());
  for (const row of rows) {
    for (const { rule, hash } of blocking.keysOf(canonicalRecord(row, schema))) {
      sizes[rule]!.set(hash, (sizes[rule]!.get(hash) ?? 0) + 1);
    }
  }
  return blocking.rules.map((rule, place) =>
    boundOf([...sizes[place]!.values()], rule, rows.length),
  );
}
