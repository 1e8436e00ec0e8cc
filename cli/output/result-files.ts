import {
  bandOf,
  probabilityOf,
} from "../../subgraphs/identity/domain/matching/scoring/match-band.ts";
import { TableScorer } from "../../subgraphs/identity/domain/matching/scoring/table-scorer.ts";
import type { MatchResult } from "../../subgraphs/identity/domain/matching/match-records.ts";
import type { LoadedRecords } from "../input/loaded-records.ts";

/** Pairs below this probability are not listed. */
export const LISTED_PROBABILITY_MIN = 0.05;
const LINES_PER_CHUNK = 500;

/** A CSV value, quoted where it must be. */
export function csvValue(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function* chunked(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length === LINES_PER_CHUNK) {
      yield chunk.join("");
      chunk = [];
    }
  }
  yield chunk.join("");
}

/** clusters.csv: each record's id and the id of the first record of its cluster. */
export function clusterLines(records: LoadedRecords, { clusters }: MatchResult): Generator<string> {
  return chunked(
    (function* () {
      yield "id,cluster\n";
      for (let at = 0; at < records.size; at++) {
        yield `${csvValue(records.ids[at]!)},${csvValue(records.ids[clusters[at]!]!)}\n`;
      }
    })(),
  );
}

/** pairs.csv: probability, band and the weight of each field in bits; with the prior they add up to `weight`. */
export function pairLines(
  records: LoadedRecords,
  { model, pairs }: MatchResult,
): Generator<string> {
  const scorer = new TableScorer(model, records.table);
  const priorWeight = Math.log2(model.prior / (1 - model.prior)).toFixed(3);
  return chunked(
    (function* () {
      const fields = model.fields.map(({ name }) => csvValue(`weight_${name}`));
      yield `id_left,id_right,probability,band,weight,weight_prior,${fields.join(",")}\n`;
      for (let at = 0; at < pairs.pairCount; at++) {
        const [left, right, weight] = [pairs.lefts[at]!, pairs.rights[at]!, pairs.weights[at]!];
        const probability = probabilityOf(weight, model.calibration);
        if (probability < LISTED_PROBABILITY_MIN) continue;
        const band = bandOf(probability, scorer.contradicts(left, right));
        const byField = Array.from(scorer.fieldWeights(left, right), (bits) =>
          bits.toFixed(3),
        ).join(",");
        const ids = `${csvValue(records.ids[left]!)},${csvValue(records.ids[right]!)}`;
        const shown = `${probability.toFixed(6)},${band},${weight.toFixed(3)},${priorWeight}`;
        yield `${ids},${shown},${byField}\n`;
      }
    })(),
  );
}
