import { expect, test } from "@jest/globals";
import { Draw } from "../../bench/identity/made-up/draw.ts";
import { SHAPES } from "../../bench/identity/made-up/shape-catalogue.ts";
import { rowsOfShape } from "../../bench/identity/made-up/shapes.ts";
import { Population } from "../../bench/identity/made-up/population.ts";
import { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import { evaluatePartition } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import {
  DEFAULT_MATCH_SETTINGS,
  matchRecords,
} from "../../subgraphs/identity/domain/matching/match-records.ts";
import { learnFromRecords } from "../../subgraphs/identity/domain/records/learn-from-records.ts";
import { columnsOf } from "../../subgraphs/identity/domain/records/record-columns.ts";
import { IdentityWorld } from "./identity-world.ts";
import { putRecords } from "./record-words.ts";

interface Told {
  key: string;
  truth: string;
  attributes: Record<string, string>;
}

const filled = (attributes: Record<string, string>) =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ""));

function madeUp(count: number): Told[] {
  const told = Array.from(new Population(1).records(count), ({ record_id, person, ...rest }) => ({
    key: record_id,
    truth: person,
    attributes: filled(rest),
  }));
  return new Draw(2).shuffle(told);
}

/** All first records of a person, then all others: a source that has nobody twice, and what comes after it. */
function firstOfEachFirst(records: readonly Told[]): Told[] {
  const isFirst = ({ key }: Told) => key.endsWith("-0");
  return [...records.filter(isFirst), ...records.filter((record) => !isFirst(record))];
}

function ofShape(name: string): Told[] {
  const rows = rowsOfShape(SHAPES.find((shape) => shape.name === name)!);
  return rows.map(({ row_key, truth, origin: _, ...attributes }) => ({
    key: row_key,
    truth,
    attributes: filled(attributes),
  }));
}

function bulkOf(records: readonly Told[]): Int32Array {
  const texts = records.map(({ attributes }) => ({
    attributes: JSON.stringify(attributes),
    identifiers: "[]",
  }));
  const { model } = learnFromRecords(texts, 1)!;
  const table = new RecordTable(model.schema);
  for (const { attributes } of records) table.add(columnsOf(attributes, []));
  return matchRecords(table, { ...DEFAULT_MATCH_SETTINGS, model }).clusters;
}

/** The training runs in a thread of its own: there is nothing to move but real time. */
async function settled(world: IdentityWorld): Promise<void> {
  for (let calm = 0; calm < 10; calm += 1) {
    const { matchingModels } = await world.ask<{ matchingModels: { nodes: { state: string }[] } }>(
      "{ matchingModels(first: 1) { nodes { state } } }",
    );
    if (matchingModels.nodes[0]?.state !== "ACTIVE") calm = 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function onlineOf(records: readonly Told[]): Promise<string[]> {
  const world = await IdentityWorld.start();
  try {
    for (let from = 0; from < records.length; from += 250) {
      const batch = records.slice(from, from + 250);
      const said = batch.map(({ key, attributes }) => ({ kind: "PERSON", key, attributes }));
      expect((await putRecords(world, "shop", ...said)).rejected).toEqual([]);
    }
    await settled(world);
    const names = records.map(({ key }) => `record:shop/PERSON/${key}`);
    const rows = await world.platform.database.query<{ key: string; person_id: string }>(
      "select key, person_id from identity.identifiers where key = any($1::text[])",
      [names],
    );
    const persons = new Map(rows.map(({ key, person_id }) => [key, person_id]));
    return names.map((name) => persons.get(name)!);
  } finally {
    await world.stop();
  }
}

async function bothOf(records: readonly Told[]) {
  const truth = records.map((record) => record.truth);
  const bulk = evaluatePartition(bulkOf(records), truth);
  return { bulk, online: evaluatePartition(await onlineOf(records), truth) };
}

test.each([
  ["people of a country, many of whom have moved", madeUp(1_000)],
  ["people of whom nobody comes twice at first", firstOfEachFirst(madeUp(1_000))],
  ["people written down with much noise", ofShape("English, much noise")],
])(
  "given %s, when they come one after another, then their persons are those of the bulk run within 0.01",
  async (_, records) => {
    const truth = records.map((record) => record.truth);
    const bulk = evaluatePartition(bulkOf(records), truth);
    const online = evaluatePartition(await onlineOf(records), truth);
    expect(Math.abs(online.f1 - bulk.f1)).toBeLessThanOrEqual(0.01);
    expect(online.precision).toBeGreaterThanOrEqual(bulk.precision - 0.005);
  },
  120_000,
);

test("given a file that tells only name and town, when its records come one after another, then they are joined as carefully as in bulk", async () => {
  const { bulk, online } = await bothOf(ofShape("English, name and city only"));
  expect(online.precision).toBeGreaterThanOrEqual(bulk.precision - 0.01);
}, 120_000);
