import { comparatorOf } from "../fields/field-kind.ts";
import type { CanonicalRecord, RecordSchema } from "../schema/record-schema.ts";
import { atomsOf } from "./blocking-atoms.ts";
import { blockingRules } from "./blocking-rules.ts";

/**
 * The blocking keys of one record: two records are candidates when they share one. For stores that look candidates up
 * online; a key with more records than the store's bound is a generic value and should be passed over.
 */
export function blockingKeys(record: CanonicalRecord, schema: RecordSchema): string[] {
  const atoms = schema.fields.map(({ kind }, field) =>
    record[field] === "" ? {} : atomsOf(kind, comparatorOf(kind).prepare(record[field]!)),
  );
  return blockingRules(schema).flatMap(({ name, parts }) => {
    const values = parts.map(({ field, atom }) => atoms[field]![atom]);
    return values.some((value) => value === undefined) ? [] : [`${name}=${values.join("|")}`];
  });
}
