import { comparatorOf } from "../../subgraphs/identity/domain/matching/fields/field-kind.ts";
import type { PartitionQuality } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import type { MatchResult } from "../../subgraphs/identity/domain/matching/match-records.ts";
import {
  bandOf,
  probabilityOf,
} from "../../subgraphs/identity/domain/matching/scoring/match-band.ts";
import { TableScorer } from "../../subgraphs/identity/domain/matching/scoring/table-scorer.ts";
import type { LoadedRecords } from "../input/loaded-records.ts";
import { canonicalOf } from "../output/explanation.ts";
import { type Bar, barChart, lineChart, weightChart } from "./charts.ts";
import { escapeHtml, htmlTable, REPORT_STYLE } from "./html.ts";
import { precisionRecall } from "./precision-recall.ts";

const UNCERTAIN_PAIRS_MAX = 40;
const HISTOGRAM_STEP_BITS = 2;

function figures(entries: readonly (readonly [string, string])[]): string {
  const shown = entries.map(
    ([name, value]) => `<div><b>${escapeHtml(value)}</b><span>${escapeHtml(name)}</span></div>`,
  );
  return `<div class="figures">${shown.join("")}</div>`;
}

function overview(
  records: LoadedRecords,
  result: MatchResult,
  quality: PartitionQuality | undefined,
): string {
  const clusters = new Set(result.clusters).size;
  const entries: [string, string][] = [
    ["records", String(records.size)],
    ["clusters", String(clusters)],
    ["pairs compared", String(result.comparedPairs)],
    ["expected true pairs among all", `1 in ${Math.round(1 / result.model.prior)}`],
  ];
  if (quality !== undefined) {
    entries.push(
      ["pair precision", quality.precision.toFixed(4)],
      ["pair recall", quality.recall.toFixed(4)],
      ["pair F1", quality.f1.toFixed(4)],
      ["B³ F1", quality.bCubedF1.toFixed(4)],
    );
  }
  return figures(entries);
}

function weights({ model }: MatchResult): string {
  const charts = model.fields.map((field, at) => {
    const { levels } = comparatorOf(model.schema.fields[at]!.kind);
    const rows = field.weights.map((weight, code): Bar => {
      const shares =
        code < field.m.length
          ? `m ${field.m[code]!.toPrecision(3)}, u ${field.u[code]!.toPrecision(3)}`
          : "a part of the name is missing";
      return { label: levels[code]!, value: weight, hint: `${weight.toFixed(2)} bits; ${shares}` };
    });
    const isOpen = at < 3 ? " open" : "";
    const chart = weightChart(`weights of ${field.name}`, rows);
    return `<details${isOpen}><summary>${escapeHtml(field.name)}</summary>${chart}</details>`;
  });
  return `<h2>What each field is worth</h2><p>Bits each level of agreement adds before the rarity of the value counts:
    log2 of how much more often it is seen on two records of one person (m) than on two of different persons (u).
    Agreeing on a rare value adds more, on a common one less.</p>${charts.join("\n")}`;
}

function histogram({ pairs, model }: MatchResult): string {
  const counts = new Map<number, number>();
  for (let at = 0; at < pairs.pairCount; at++) {
    const bin = Math.floor(pairs.weights[at]! / HISTOGRAM_STEP_BITS) * HISTOGRAM_STEP_BITS;
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const bars = [...counts]
    .sort(([left], [right]) => left - right)
    .map(
      ([bin, value]): Bar => ({
        label: String(bin),
        value,
        hint: `${value} pairs from ${bin} bits, probability from ${probabilityOf(bin, model.calibration).toFixed(3)}`,
      }),
    );
  return `<h2>Scores of the pairs</h2><p>Pairs by weight in bits, prior included; 0 is an even chance by
    the model's own odds. The valley between the two hills is where mistakes live. Heights by square
    root.</p>${barChart("pairs by weight", bars)}`;
}

function clusterSizes({ clusters }: MatchResult): string {
  const sizes = new Map<number, number>();
  for (const cluster of clusters) sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1);
  const counts = new Map<number, number>();
  for (const size of sizes.values()) counts.set(size, (counts.get(size) ?? 0) + 1);
  const bars = [...counts]
    .sort(([left], [right]) => left - right)
    .map(
      ([size, value]): Bar => ({
        label: String(size),
        value,
        hint: `${value} clusters of ${size} records`,
      }),
    );
  return `<h2>Sizes of the clusters</h2>${barChart("clusters by size", bars)}`;
}

function leastCertain(records: LoadedRecords, { pairs, model, clusters }: MatchResult): string {
  const order = Array.from({ length: pairs.pairCount }, (_, at) => ({
    at,
    doubt: Math.abs(probabilityOf(pairs.weights[at]!, model.calibration) - 0.5),
  }))
    .sort((left, right) => left.doubt - right.doubt || left.at - right.at)
    .slice(0, UNCERTAIN_PAIRS_MAX);
  const scorer = new TableScorer(model, records.table);
  const rows = order.flatMap(({ at }) => {
    const [left, right] = [pairs.lefts[at]!, pairs.rights[at]!];
    const probability = probabilityOf(pairs.weights[at]!, model.calibration);
    const together = clusters[left] === clusters[right] ? "one cluster" : "apart";
    return [
      [
        probability.toFixed(3),
        bandOf(probability, scorer.contradicts(left, right)),
        together,
        records.ids[left]!,
        ...canonicalOf(records, left),
      ],
      ["", "", "", records.ids[right]!, ...canonicalOf(records, right)],
    ];
  });
  const header = ["probability", "band", "decided", "id", ...model.fields.map(({ name }) => name)];
  return `<h2>Least certain pairs</h2><p>Where a look by a person tells most.</p>${htmlTable(header, rows)}`;
}

function overThreshold(
  records: LoadedRecords,
  result: MatchResult,
  quality: PartitionQuality,
): string {
  const curve = precisionRecall(result, records.truth, quality.truePairs);
  const chart = lineChart("precision and recall over the threshold", "probability threshold", [
    {
      name: "precision",
      colour: "var(--for)",
      points: curve.map(({ threshold, precision }) => [threshold, precision]),
    },
    {
      name: "recall",
      colour: "var(--bar)",
      points: curve.map(({ threshold, recall }) => [threshold, recall]),
    },
  ]);
  return `<h2>Precision and recall over the threshold</h2><p>Of the scored pairs alone. Clustering then
    uses all pairs of a group, so the clusters stand at precision ${quality.precision.toFixed(4)} and
    recall ${quality.recall.toFixed(4)}.</p>${chart}`;
}

/** A self-contained page about a run: no script, nothing loaded from elsewhere. */
export function renderReport(
  records: LoadedRecords,
  result: MatchResult,
  quality?: PartitionQuality,
): string {
  const sections = [
    overview(records, result, quality),
    ...(quality === undefined ? [] : [overThreshold(records, result, quality)]),
    weights(result),
    histogram(result),
    clusterSizes(result),
    leastCertain(records, result),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Selfsame: match report</title><style>${REPORT_STYLE}</style></head>
<body><h1>Who is the same person</h1>
${sections.join("\n")}
</body></html>
`;
}
