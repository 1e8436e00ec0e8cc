import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import { flattenJson } from "../../cli/input/read-json-lines.ts";
import { evaluatePartition } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import type { SourceRow } from "../../subgraphs/identity/domain/matching/schema/record-schema.ts";
import {
  bandOf,
  probabilityOf,
} from "../../subgraphs/identity/domain/matching/scoring/match-band.ts";
import { TableScorer } from "../../subgraphs/identity/domain/matching/scoring/table-scorer.ts";
import { describeWhere } from "../kernel/where-present.ts";
import { matchRows } from "./match-sample.ts";

/** Published data sets beside the project; without them these tests have nothing to say. */
const people = resolve("../shared/data/people");

describeWhere(existsSync(people), "the data", "published data", () => {
  test.each([["dataset1.csv"], ["dataset3.csv"]])(
    "given FEBRL %s without the social security number, then F1 is at least 0.998",
    (name) => {
      const text = readFileSync(resolve(people, "febrl", name));
      const rows = parse(text, { columns: true, trim: true }) as (SourceRow & { rec_id: string })[];
      const { result } = matchRows(rows, ["rec_id", "soc_sec_id"]);
      const truth = rows.map(({ rec_id }) => rec_id.split("-")[1]!);
      expect(evaluatePartition(result.clusters, truth).f1).toBeGreaterThanOrEqual(0.998);
    },
    120_000,
  );

  test("given the Senzing truth set, then no false pair is HIGH", () => {
    const folder = resolve(people, "senzing-truthset");
    const key = parse(readFileSync(resolve(folder, "actual_truthset_key.csv")), {
      columns: true,
    }) as Record<string, string>[];
    const truthOf = new Map(
      key.map((row) => [`${row.DATA_SOURCE}/${row.RECORD_ID}`, row.CLUSTER_ID!]),
    );
    const rows = ["customers", "reference", "watchlist"].flatMap((name) =>
      readFileSync(resolve(folder, `${name}.jsonl`), "utf8")
        .trim()
        .split("\n")
        .map((line) => flattenJson(JSON.parse(line))),
    );
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const even = rows.map((row) =>
      Object.fromEntries(columns.map((column) => [column, row[column] ?? ""])),
    );
    const { table, result } = matchRows(even, ["RECORD_ID", "DATA_SOURCE"]);
    const truth = rows.map((row) => truthOf.get(`${row.DATA_SOURCE}/${row.RECORD_ID}`));
    const scorer = new TableScorer(result.model, table);
    const { pairs, model } = result;
    const high = Array.from(
      { length: pairs.pairCount },
      (_, at) => [pairs.lefts[at]!, pairs.rights[at]!, at] as const,
    ).filter(
      ([left, right, at]) =>
        bandOf(
          probabilityOf(pairs.weights[at]!, model.calibration),
          scorer.contradicts(left, right),
        ) === "HIGH",
    );
    expect(high.length).toBeGreaterThan(30);
    expect(high.filter(([left, right]) => truth[left] !== truth[right])).toEqual([]);
  });
});
