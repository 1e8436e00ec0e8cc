import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import { evaluatePartition } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import {
  DEFAULT_MATCH_SETTINGS,
  matchRecords,
} from "../../subgraphs/identity/domain/matching/match-records.ts";
import { learnFromRecords } from "../../subgraphs/identity/domain/records/learn-from-records.ts";
import { columnsOf } from "../../subgraphs/identity/domain/records/record-columns.ts";
import { Population } from "../../bench/identity/made-up/population.ts";
import { IdentityWorld } from "./identity-world.ts";
import { putRecords } from "./record-words.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

interface Model {
  version: number;
  state: string;
  digest: string | null;
  recordCount: number;
  progress: { done: number; total: number };
  parameters: {
    prior: number;
    fields: { name: string; levels: { weightBits: number }[] }[];
  } | null;
}

async function newest(): Promise<Model | undefined> {
  const { matchingModels } = await world.ask<{ matchingModels: { nodes: Model[] } }>(
    `{ matchingModels(first: 1) { nodes { version state digest recordCount progress { done total }
      parameters { prior fields { name levels { level m u weightBits } } } } } }`,
  );
  return matchingModels.nodes[0];
}

/** The training runs in a thread of its own: there is nothing to move but real time. */
async function trained(version: number): Promise<Model> {
  for (;;) {
    const model = await newest();
    if (model && model.version >= version && /ACTIVE|FAILED/.test(model.state)) return model;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A training that began by itself is waited for. */
async function train(seed: number): Promise<{ version: number }> {
  for (;;) {
    const { trainMatchingModel } = await world.ask<{
      trainMatchingModel: { model: { version: number } | null; problems: { code: string }[] };
    }>(
      `mutation ($input: TrainMatchingModelInput!) { trainMatchingModel(input: $input) {
        model { version } problems { code } } }`,
      { input: { seed } },
    );
    if (trainMatchingModel.model) return trainMatchingModel.model;
    expect(trainMatchingModel.problems.map(({ code }) => code)).toEqual(["TRAINING_UNDER_WAY"]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Told {
  key: string;
  truth: string;
  attributes: Record<string, unknown>;
}

function people(): Told[] {
  const file = "../shared/data/people/historical-dev.csv.gz";
  if (existsSync(file)) {
    const rows = parse(gunzipSync(readFileSync(file)), { columns: true }) as Record<
      string,
      string
    >[];
    return rows.slice(0, 700).map(({ unique_id, cluster, ...attributes }) => ({
      key: unique_id!,
      truth: cluster!,
      attributes,
    }));
  }
  return [...new Population(7).records(700)].map(({ record_id, person, ...attributes }) => ({
    key: String(record_id),
    truth: String(person),
    attributes,
  }));
}

async function personsOf(records: readonly Told[]): Promise<string[]> {
  const names = records.map(({ key }) => `record:old/PERSON/${key}`);
  const rows = await world.platform.database.query<{ key: string; person_id: string }>(
    "select key, person_id from identity.identifiers where key = any($1::text[])",
    [names],
  );
  const persons = new Map(rows.map(({ key, person_id }) => [key, person_id]));
  return names.map((name) => persons.get(name)!);
}

describe("training the matching model", () => {
  const records = people();

  test("given several hundred records, when they are put, then a model comes by itself and online agrees with bulk", async () => {
    for (let from = 0; from < records.length; from += 350) {
      const batch = records.slice(from, from + 350);
      const said = batch.map(({ key, attributes }) => ({ kind: "PERSON", key, attributes }));
      const result = await putRecords(world, "old", ...said);
      expect(result.rejected).toEqual([]);
    }
    const model = await trained(1);
    expect(model.state).toBe("ACTIVE");
    expect(model.progress).toEqual({ done: 2 * records.length, total: 2 * records.length });
    expect(model.parameters!.fields.length).toBeGreaterThan(3);

    const texts = records.map(({ attributes }) => ({
      attributes: JSON.stringify(attributes),
      identifiers: "[]",
    }));
    const bulkModel = learnFromRecords(texts, 1)!.model;
    const table = new RecordTable(bulkModel.schema);
    for (const { attributes } of records) table.add(columnsOf(attributes, []));
    const bulk = matchRecords(table, { ...DEFAULT_MATCH_SETTINGS, model: bulkModel }).clusters;
    const truth = records.map((record) => record.truth);
    const online = evaluatePartition(await personsOf(records), truth);
    expect(online.precision).toBeGreaterThan(0.97);
    expect(online.f1).toBeGreaterThan(evaluatePartition(bulk, truth).f1 - 0.01);
  }, 120_000);

  test("given the same records and seed, when a model is trained again, then it is the same byte for byte", async () => {
    const first = await trained((await train(7)).version);
    const again = await trained((await train(7)).version);
    expect(again.version).toBe(first.version + 1);
    expect(again.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(again.digest).toBe(first.digest);
    expect(again.recordCount).toBe(records.length);
  }, 120_000);

  test("given a steward has split what a model joined, when a model is trained anew, then his word holds", async () => {
    const persons = await personsOf(records);
    const shared = persons.findIndex((id, place) => persons.indexOf(id) < place);
    const person = persons[shared]!;
    const { splitPerson } = await world.ask<{ splitPerson: { problems: unknown[] } }>(
      `mutation ($input: SplitPersonInput!) { splitPerson(input: $input) { problems { code } } }`,
      {
        input: {
          person,
          identifiers: [{ namespace: "record", value: `old/PERSON/${records[shared]!.key}` }],
          reason: "Father and son",
        },
      },
    );
    expect(splitPerson.problems).toEqual([]);
    await trained((await train(11)).version);
    const after = await personsOf(records);
    const others = persons.flatMap((id, place) =>
      id === person && place !== shared ? [place] : [],
    );
    for (const place of others) expect(after[place]).not.toBe(after[shared]);
  }, 120_000);

  test("given no key of the scope, when a training is asked for, then it is refused", async () => {
    const asked = world.ask(
      `mutation { trainMatchingModel(input: { seed: 1 }) { model { version } } }`,
      {},
      ["profiles:read"],
    );
    await expect(asked).rejects.toThrow();
  });
});
