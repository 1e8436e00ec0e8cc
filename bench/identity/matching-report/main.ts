/**
 * Prints the matcher's quality: published data sets beside the project (../shared/data/people, where present), files
 * of many shapes, two orders, and a made-up country of growing size. The same defaults everywhere; the truth is only
 * used to judge. node bench/identity/matching-report/main.ts [--records 10000,50000]
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Draw } from "../made-up/draw.ts";
import { Population } from "../made-up/population.ts";
import { SHAPES } from "../made-up/shape-catalogue.ts";
import { JUDGE_COLUMNS, rowsOfShape, type Shape } from "../made-up/shapes.ts";
import { type JudgedSet, type Judgement, judge, type Row } from "./judge.ts";
import { publishedSets, senzingSet } from "./published-sets.ts";
import { bandTable, orderAgreement, QUALITY_HEADER, qualityRow } from "./tables.ts";

const say = (text: string) => void process.stdout.write(`${text}\n`);

function shapeSet(shape: Shape): JudgedSet {
  return {
    name: shape.name,
    rows: rowsOfShape(shape),
    hidden: JUDGE_COLUMNS,
    truthOf: (row) => row.truth!,
    ...(shape.isLinked === true ? { sourceOf: (row: Row) => row.origin! } : {}),
  };
}

function countrySet(count: number): JudgedSet {
  const rows = new Draw(1).shuffle([...new Population(1).records(count)]);
  return {
    name: "Made-up country",
    rows: rows as unknown as Row[],
    hidden: ["record_id", "person"],
    truthOf: (row) => row.person!,
  };
}

function report(title: string, sets: readonly JudgedSet[]): Judgement[] {
  say(`\n## ${title}\n\n${QUALITY_HEADER}`);
  return sets.map((set) => {
    const judgement = judge(set);
    say(qualityRow(judgement));
    return judgement;
  });
}

function reportOrders(sets: readonly JudgedSet[], judgements: readonly Judgement[]): void {
  say("\n## The same records in another order\n\n| data | pair F1 between both | B3 F1 |");
  say("| --- | --- | --- |");
  sets.forEach((set, at) => {
    say(orderAgreement(set, judgements[at]!));
  });
}

const { values } = parseArgs({ options: { records: { type: "string", default: "10000,50000" } } });
say(
  "exact: records alike in every column. closure: connected components over the same scored pairs.",
);
const folder = resolve("../shared/data/people");
if (existsSync(folder)) {
  const sets = publishedSets(folder);
  const judgements = report("Published data", sets);
  const [senzing] = report("Senzing truth set", [senzingSet(folder)]);
  say(`\n${bandTable(senzing!)}`);
  reportOrders(sets.slice(2), judgements.slice(2));
} else say(`\nno published data at ${folder}: only made-up files`);
const shapes = SHAPES.map(shapeSet);
const shaped = report("Made-up files of many shapes", shapes);
reportOrders(shapes.slice(0, 3), shaped.slice(0, 3));
report("Made-up country, by size", values.records.split(",").map(Number).map(countrySet));
