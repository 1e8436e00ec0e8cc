import { aspectOf } from "../fields/field-comparator.ts";
import { comparatorOf } from "../fields/field-kind.ts";
import { termsOf } from "../scoring/field-weight.ts";
import type { TermFrequencies } from "../scoring/matching-model.ts";
import type { RecordTable } from "../encoding/record-table.ts";

/** Terms a model keeps by field; rarer ones count as seen once. */
const TERMS_MAX = 50_000;

/** Shares of the terms of a field among the records that have it. */
export function termFrequencies(table: RecordTable, field: number): TermFrequencies {
  const comparator = comparatorOf(table.schema.fields[field]!.kind);
  const { values, prepared, counts } = table.columns[field]!;
  const countByTerm = new Map<string, number>();
  const totalByAspect = new Map<string, number>();
  values.forEach((canonical, value) => {
    for (const term of termsOf(comparator, { canonical, prepared: prepared[value] })) {
      countByTerm.set(term, (countByTerm.get(term) ?? 0) + counts[value]!);
      totalByAspect.set(aspectOf(term), (totalByAspect.get(aspectOf(term)) ?? 0) + counts[value]!);
    }
  });
  const agreementByAspect: Record<string, number> = {};
  for (const [term, count] of countByTerm) {
    const total = totalByAspect.get(aspectOf(term))!;
    agreementByAspect[aspectOf(term)] =
      (agreementByAspect[aspectOf(term)] ?? 0) + (count / total) ** 2;
  }
  const kept = [...countByTerm]
    .filter(([, count]) => count > 1)
    .sort(byCountThenTerm)
    .slice(0, TERMS_MAX);
  return {
    agreementByAspect,
    shareByTerm: Object.fromEntries(
      kept.map(([term, count]) => [term, count / totalByAspect.get(aspectOf(term))!]),
    ),
    rarestShare: 1 / Math.max(1, table.size),
  };
}

function byCountThenTerm(left: [string, number], right: [string, number]): number {
  return right[1] - left[1] || (left[0] < right[0] ? -1 : 1);
}
