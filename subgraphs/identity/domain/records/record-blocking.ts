import { atomsOf } from "../matching/blocking/blocking-atoms.ts";
import { type BlockingRule, blockingRules } from "../matching/blocking/blocking-rules.ts";
import { comparatorOf } from "../matching/fields/field-kind.ts";
import type { CanonicalRecord, RecordSchema } from "../matching/schema/record-schema.ts";

/** Where records meet: those that share a key are candidates for one person. */
export interface RecordKey {
  /** Place of its rule in the schema's list. */
  rule: number;
  /** 53 bits of the rule and its values. */
  hash: number;
}

/** The blocking keys of records, one schema at a time; the same rules as the bulk run has. */
export class RecordBlocking {
  readonly rules: readonly BlockingRule[];
  private readonly schema: RecordSchema;

  constructor(schema: RecordSchema) {
    this.schema = schema;
    this.rules = blockingRules(schema);
  }

  keysOf(record: CanonicalRecord): RecordKey[] {
    const atoms = this.schema.fields.map(({ kind }, field) =>
      record[field] === "" ? {} : atomsOf(kind, comparatorOf(kind).prepare(record[field]!)),
    );
    const keys: RecordKey[] = [];
    this.rules.forEach(({ name, parts }, rule) => {
      const values = parts.map(({ field, atom }) => atoms[field]![atom]);
      if (values.every((value) => value !== undefined)) {
        keys.push({ rule, hash: hashOf(`${name}=${values.join("|")}`) });
      }
    });
    return keys;
  }
}

/** Two runs of FNV-1a side by side; a collision only brings two records together that need not meet. */
function hashOf(text: string): number {
  let low = 2166136261;
  let high = 3339675911;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 16777619);
    high = Math.imul(high ^ code, 2246822519);
  }
  return ((high >>> 11) & 0x1fffff) * 4294967296 + (low >>> 0);
}

/** Records of one block at most, by rule: what is larger holds a generic value. */
export interface BlockBounds {
  readonly byRule: readonly number[];
}

const several = 50;
const alone = 12;

/** Before anything was learned: narrow rules may meet in larger blocks than broad ones. */
export function startBounds(rules: readonly BlockingRule[]): BlockBounds {
  return { byRule: rules.map(({ parts }) => (parts.length > 1 ? several : alone)) };
}

const recordsPerPair = { several: 10, alone: 3 };
const blockRecordsMax = 400;

/**
 * The largest block of each rule that the bulk run would keep: the smallest ones first, until the
 * rule has all the pairs it may have. `sizes` are those of a rule's blocks.
 */
export function boundOf(
  sizes: readonly number[],
  { parts }: BlockingRule,
  recordCount: number,
): number {
  let budget = recordCount * (parts.length > 1 ? recordsPerPair.several : recordsPerPair.alone);
  let bound = 1;
  for (const size of [...sizes].sort((a, b) => a - b)) {
    budget -= (size * (size - 1)) / 2;
    if (budget < 0 || size > blockRecordsMax) break;
    bound = size;
  }
  return Math.max(bound, parts.length > 1 ? several : alone);
}
