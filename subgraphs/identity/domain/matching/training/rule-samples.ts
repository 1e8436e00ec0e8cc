import type { BlockIndex } from "../blocking/block-index.ts";
import type { RecordTable } from "../encoding/record-table.ts";
import { groupOf } from "../fields/field-kind.ts";
import type { EvidenceReader, PairEvidence } from "./pair-evidence.ts";
import { type PairSpace, rulePairs } from "./pair-samples.ts";

const RULE_PAIRS_MAX = 10_000;
const RULE_PAIRS_MIN = 20;

/** The pairs of one blocking rule, and the fields it leaves free to be learned from them. */
export interface RuleSample {
  readonly fields: readonly number[];
  readonly pairs: PairEvidence;
  /** Whether those fields tell of one thing only: then nothing but the rule itself says which pairs are matches. */
  readonly isAlone: boolean;
  /** Pairs the rule has in all. */
  readonly seen: number;
}

/** Fields that share nothing with the rule: agreement inside a block is no news for the rest. */
function freeFields(table: RecordTable, blocks: BlockIndex, rule: number): number[] {
  const kinds = table.schema.fields.map((plan) => plan.kind);
  const blockedGroups = new Set(
    blocks.rules[rule]!.parts.map(({ field }) => groupOf(kinds[field]!)),
  );
  const blockedFields = new Set(blocks.rules[rule]!.parts.map(({ field }) => field));
  return kinds.flatMap((kind, field) => {
    const group = groupOf(kind);
    const isBound =
      group === "other" || group === "contact"
        ? blockedFields.has(field)
        : blockedGroups.has(group);
    return isBound ? [] : [field];
  });
}

/** Whether some fields tell of one thing only, say of the name. */
function tellOneThing(table: RecordTable, fields: readonly number[]): boolean {
  const told = fields.filter((field) => table.columns[field]!.values.length > 0);
  const things = told.map((field) => {
    const group = groupOf(table.schema.fields[field]!.kind);
    return group === "other" || group === "contact" ? field : group;
  });
  return new Set(things).size < 2;
}

/** Samples each rule once; every round learns from the same pairs. */
export function sampleRules(
  table: RecordTable,
  blocks: BlockIndex,
  space: PairSpace,
  reader: EvidenceReader,
  random: () => number,
): RuleSample[] {
  return blocks.rules.flatMap((_, rule) => {
    const fields = freeFields(table, blocks, rule);
    if (fields.length < 1) return [];
    const { lefts, rights, seen } = rulePairs(blocks, space, rule, RULE_PAIRS_MAX, random);
    if (lefts.length < RULE_PAIRS_MIN) return [];
    const isAlone = tellOneThing(table, fields);
    return [{ fields, pairs: reader.read(lefts, rights, lefts.length), isAlone, seen }];
  });
}
