/**
 * Online against bulk: the records of a file through putRecords, in one order or in two, against the bulk run over
 * the same file, and the time a record takes. On the embedded engine, in a folder of its own. Bulk is the partition
 * that `selfsame match` writes, whatever the band of its joins; persons are what is HIGH, before any review.
 * node dist/bench/identity/records-online.js people.csv[.gz] [--truth cluster] [--id unique_id] [--limit N] [--orders 2]
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { learnFromRecords } from "../../subgraphs/identity/domain/records/learn-from-records.ts";
import { evaluatePartition } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import {
  DEFAULT_MATCH_SETTINGS,
  matchRecords,
} from "../../subgraphs/identity/domain/matching/match-records.ts";
import { columnsOf } from "../../subgraphs/identity/domain/records/record-columns.ts";
import { seededRandom } from "../../subgraphs/identity/domain/matching/encoding/seeded-random.ts";
import { OnlineWorld } from "./online-world.ts";

type Row = Record<string, string>;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    truth: { type: "string", default: "cluster" },
    id: { type: "string", default: "unique_id" },
    limit: { type: "string", default: "1000000" },
    orders: { type: "string", default: "1" },
  },
});

function readRows(path: string): Row[] {
  const bytes = readFileSync(path);
  const text = path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  return (parse(text, { columns: true }) as Row[]).slice(0, Number(values.limit));
}

function shuffled(rows: readonly Row[], seed: number): Row[] {
  const random = seededRandom(seed);
  return rows
    .map((row) => ({ row, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ row }) => row);
}

const print = (text: string) => void process.stdout.write(`${text}\n`);
const share = (value: number) => value.toFixed(4);

function bulkPartition(rows: readonly Row[]): Int32Array {
  const texts = rows.map((row) => ({
    attributes: JSON.stringify(attributesOf(row)),
    identifiers: "[]",
  }));
  const { model } = learnFromRecords(texts, 1)!;
  const table = new RecordTable(model.schema);
  for (const row of rows) table.add(columnsOf(attributesOf(row), []));
  return matchRecords(table, { ...DEFAULT_MATCH_SETTINGS, model }).clusters;
}

function attributesOf(row: Row): Row {
  const { [values.id]: _, [values.truth]: __, ...attributes } = row;
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ""));
}

async function onlinePartition(rows: readonly Row[], order: number): Promise<string[]> {
  const world = await OnlineWorld.start();
  try {
    const begun = performance.now();
    const cpu = process.cpuUsage();
    const records = shuffled(rows, order).map((row) => ({
      key: row[values.id]!,
      attributes: attributesOf(row),
    }));
    await world.put(records, (done) => {
      const used = process.cpuUsage(cpu);
      const ms = (used.user + used.system) / 1_000 / done;
      print(`  ${done} records, ${ms.toFixed(2)} ms CPU each so far, training included`);
    });
    await world.settle();
    print(`order ${order}: ${((performance.now() - begun) / 1_000).toFixed(0)} s in all`);
    await world.measureOnline(records.slice(0, 1_000), print);
    return await world.personsOf(rows.map((row) => row[values.id]!));
  } finally {
    await world.stop();
  }
}

const rows = readRows(positionals[0]!);
const truth = rows.map((row) => row[values.truth]!);
const judge = (name: string, found: ArrayLike<string | number>) => {
  const { precision, recall, f1 } = evaluatePartition(found, truth);
  print(`${name}: precision ${share(precision)} recall ${share(recall)} F1 ${share(f1)}`);
};
const bulk = bulkPartition(rows);
judge("bulk", bulk);
const partitions: string[][] = [];
for (let order = 1; order <= Number(values.orders); order += 1) {
  const found = await onlinePartition(rows, order);
  judge(`online, order ${order}`, found);
  print(`  against bulk: pair F1 ${share(evaluatePartition(found, bulk).f1)}`);
  partitions.push(found);
}
if (partitions.length > 1) {
  const agreement = evaluatePartition(partitions[0]!, partitions[1]!).f1;
  print(`two orders agree: pair F1 ${share(agreement)}`);
}
process.exit(0);
