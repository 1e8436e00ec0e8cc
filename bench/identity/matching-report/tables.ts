import { evaluatePartition } from "../../../subgraphs/identity/domain/matching/evaluate.ts";
import {
  bandOf,
  type MatchBand,
  probabilityOf,
} from "../../../subgraphs/identity/domain/matching/scoring/match-band.ts";
import { TableScorer } from "../../../subgraphs/identity/domain/matching/scoring/table-scorer.ts";
import { Draw } from "../made-up/draw.ts";
import { type JudgedSet, type Judgement, judge } from "./judge.ts";

const HEADER = [
  "data",
  "records",
  "P",
  "R",
  "F1",
  "B3 F1",
  "exact F1",
  "closure P",
  "closure F1",
  "errors to closure",
  "CPU s",
  "MB",
];

const figure = (value: number) => value.toFixed(4);

/** A Markdown row. */
export function tableRow(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

export const QUALITY_HEADER = [tableRow(HEADER), tableRow(HEADER.map(() => "---"))].join("\n");

/** One line of the quality table; "errors to closure" is (1 - F1) as a share of that of bare closure. */
export function qualityRow(judgement: Judgement): string {
  const { quality, exact, closure, table } = judgement;
  const ratio = closure.f1 === 1 ? "" : ((1 - quality.f1) / (1 - closure.f1)).toFixed(2);
  return tableRow([
    judgement.name,
    table.size,
    figure(quality.precision),
    figure(quality.recall),
    figure(quality.f1),
    figure(quality.bCubedF1),
    figure(exact.f1),
    figure(closure.precision),
    figure(closure.f1),
    ratio,
    judgement.cpuSeconds.toFixed(1),
    judgement.residentMegabytes,
  ]);
}

const BANDS: readonly MatchBand[] = ["HIGH", "MEDIUM", "LOW"];

/** How many of the scored pairs of each band are right. */
export function bandTable({ name, table, result, truth }: Judgement): string {
  const { pairs, model } = result;
  const scorer = new TableScorer(model, table);
  const counts = new Map(BANDS.map((band) => [band, { right: 0, wrong: 0 }]));
  for (let at = 0; at < pairs.pairCount; at++) {
    const [left, right] = [pairs.lefts[at]!, pairs.rights[at]!];
    const probability = probabilityOf(pairs.weights[at]!, model.calibration);
    const count = counts.get(bandOf(probability, scorer.contradicts(left, right)))!;
    if (truth[left] === truth[right]) count.right++;
    else count.wrong++;
  }
  const rows = BANDS.map((band) => {
    const { right, wrong } = counts.get(band)!;
    return tableRow([band, right, wrong]);
  });
  return [
    tableRow([`${name}: band`, "right pairs", "wrong pairs"]),
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** The same records in another order: how far both partitions agree. */
export function orderAgreement(set: JudgedSet, first: Judgement): string {
  const order = new Draw(7).shuffle(Array.from(set.rows, (_, at) => at));
  const other = judge({ ...set, rows: order.map((at) => set.rows[at]!) });
  const labels = new Int32Array(set.rows.length);
  order.forEach((record, at) => {
    labels[record] = other.result.clusters[at]!;
  });
  const { f1, bCubedF1 } = evaluatePartition(labels, first.result.clusters);
  return tableRow([set.name, figure(f1), figure(bCubedF1)]);
}
