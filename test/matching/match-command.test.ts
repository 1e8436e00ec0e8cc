import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { InputError } from "../../cli/input/input-error.ts";
import { matchCommand } from "../../cli/match-command.ts";
import type { MatchingModel } from "../../subgraphs/identity/domain/matching/scoring/matching-model.ts";
import { type SamplePerson, samplePeople } from "./people-sample.ts";

let folder = "";
const people = samplePeople(120);
const at = (name: string) => join(folder, name);

function csv(rows: readonly SamplePerson[], delimiter = ","): string {
  const columns = Object.keys(rows[0]!) as (keyof SamplePerson)[];
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((values) => values.join(delimiter))
    .join("\n");
}

async function run(...words: string[]): Promise<string> {
  let said = "";
  await matchCommand(words, {
    write: (text) => {
      said += text;
    },
    writeProgress: () => {},
    isTerminal: false,
  });
  return said;
}

const base = () => [at("people.csv"), "--id", "id", "--truth", "person"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "selfsame-match-"));
  await writeFile(at("people.csv"), csv(people));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("given a file of people, when matched", () => {
  let said = "";
  let clusters: string[] = [];
  beforeAll(async () => {
    said = await run(...base(), "--output", at("out"));
    clusters = (await readFile(at("out/clusters.csv"), "utf8")).trimEnd().split("\n");
  });

  test("then columns and quality are said aloud, the truth not among the features", () => {
    expect(said).toMatch(/surname +surname \(by its name\)/);
    expect(said).toMatch(/person +the truth, not used to match/);
    expect(said).toMatch(/pair precision 0\.9\d+|pair precision 1\.0/);
    expect(said).toContain("B3 precision");
  });

  test("then clusters.csv has each id once", () => {
    expect(clusters[0]).toBe("id,cluster");
    expect(clusters.slice(1).map((line) => line.split(",")[0])).toEqual(people.map(({ id }) => id));
  });

  test("then pairs.csv tells ids, probability, band and weights that add up", async () => {
    const [header, first] = (await readFile(at("out/pairs.csv"), "utf8")).split("\n");
    expect(header).toMatch(/^id_left,id_right,probability,band,weight,weight_prior,weight_name,/);
    const [, , probability, band, weight, ...parts] = first!.split(",");
    expect(Number(probability)).toBeGreaterThan(0);
    expect(["HIGH", "MEDIUM", "LOW"]).toContain(band);
    expect(parts.reduce((sum, part) => sum + Number(part), 0)).toBeCloseTo(Number(weight), 1);
  });

  test("then the report stands alone and shows precision and recall", async () => {
    const report = await readFile(at("out/report.html"), "utf8");
    expect(report).not.toMatch(/<script|src=|href=/);
    expect(report).toContain("Precision and recall over the threshold");
    expect(report).toContain("Least certain pairs");
  });

  test("then its model gives the same clusters again", async () => {
    await run(...base(), "--model", at("out/model.json"), "--output", at("again"));
    expect((await readFile(at("again/clusters.csv"), "utf8")).trimEnd().split("\n")).toEqual(
      clusters,
    );
  });

  test("then a second run writes the same bytes", async () => {
    await run(...base(), "--output", at("second"));
    for (const name of ["clusters.csv", "pairs.csv", "model.json", "report.html"]) {
      expect(await readFile(at(`second/${name}`), "utf8")).toBe(
        await readFile(at(`out/${name}`), "utf8"),
      );
    }
  });

  test("then --explain tells what speaks for a pair, and writes nothing", async () => {
    const explained = await run(
      ...base(),
      "--model",
      at("out/model.json"),
      "--explain",
      "r0",
      "r1",
    );
    expect(explained).toMatch(/\(prior\)/);
    expect(explained).toMatch(/probability \d\.\d+ \((HIGH|MEDIUM|LOW)\); the records are in/);
  });

  test("then nothing partial stays behind", async () => {
    expect((await readdir(folder)).filter((name) => name.includes("partial"))).toEqual([]);
  });
});

test("given other formats, when matched, then the clusters are those of the CSV", async () => {
  const expected = await readFile(at("out/clusters.csv"), "utf8");
  await writeFile(at("people.csv.gz"), gzipSync(csv(people, ";")));
  await writeFile(at("people.jsonl"), people.map((row) => JSON.stringify(row)).join("\n"));
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const source = `read_csv('${at("people.csv")}', all_varchar = true)`;
  await connection.run(
    `COPY (SELECT * FROM ${source}) TO '${at("people.parquet")}' (FORMAT parquet)`,
  );
  connection.closeSync();
  for (const name of ["people.csv.gz", "people.jsonl", "people.parquet"]) {
    await run(at(name), "--id", "id", "--truth", "person", "--output", at(`of-${name}`));
    expect(await readFile(at(`of-${name}/clusters.csv`), "utf8")).toBe(expected);
  }
});

test("given two files with the same ids, when linked, then ids are led by their file", async () => {
  await writeFile(at("left.csv"), csv(people.filter((_, row) => row % 2 === 0)));
  const right = people
    .filter((_, row) => row % 2 === 1)
    .map((row, index) => ({ ...row, id: people[index * 2]!.id }));
  await writeFile(at("right.csv"), csv(right));
  const said = await run(
    at("left.csv"),
    at("right.csv"),
    "--id",
    "id",
    "--truth",
    "person",
    "-o",
    at("linked"),
  );
  expect(said).toContain("2 sources, linked");
  expect(await readFile(at("linked/clusters.csv"), "utf8")).toMatch(/^left\.csv:r0,left\.csv:r0$/m);
});

test("given corrections, when matched, then they are followed and said", async () => {
  const said = await run(
    ...base(),
    "--column",
    "given=surname",
    "--ignore",
    "email",
    "-o",
    at("corrected"),
  );
  expect(said).toMatch(/surname +givenName \(as you said\)/);
  expect(said).toMatch(/email +ignored \(as you said\)/);
});

describe("given input that cannot be used", () => {
  const header = "id,given_name,surname,date_of_birth";
  test.each([
    ["an empty file", "empty.csv", "", "the file is empty"],
    ["a header alone", "header.csv", `${header}\n`, "the file has no records"],
    [
      "a short row",
      "short.csv",
      `${header}\n1,Ann,Berg,1970-01-02\n2,Bob\n`,
      "line 3, column 3: the row has 2 values",
    ],
    [
      "an open quote",
      "quote.csv",
      `${header}\n1,"Ann,Berg,1970\n`,
      "a quote is opened and never closed",
    ],
    [
      "an id used twice",
      "twice.csv",
      `${header}\n1,A,B,\n1,C,D,\n`,
      'line 3, column 1: the id "1" (id) stands on line 2',
    ],
    [
      "an empty id",
      "noid.csv",
      `${header}\n1,A,B,\n,C,D,\n`,
      "line 3, column 1: the id (id) is empty",
    ],
    [
      "a column twice",
      "double.csv",
      "id,name,name\n1,a,b\n",
      'line 1, column 3: the column "name" stands twice',
    ],
    ["no usable columns", "useless.csv", "id,amount,price\n1,2,3\n2,3,4\n", "no usable columns"],
    ["a broken line", "broken.jsonl", '{"id": "1", "name": "Ann Berg"}\n{"id": 2,\n', "line 2"],
    [
      "a line that is no object",
      "list.jsonl",
      "[1]\n",
      "line 1, column 1: each line must be one JSON object",
    ],
    ["an unknown ending", "people.xlsx", "x", "must end in .csv"],
    ["no Parquet", "fake.parquet", "hello", "cannot be read as Parquet"],
  ])(
    "%s, when matched, then the message names the place and nothing is written",
    async (_, name, text, message) => {
      await writeFile(at(name), text);
      const failure = run(at(name), "--id", "id", "--output", at("never"));
      await expect(failure).rejects.toThrow(message);
      await expect(failure).rejects.toBeInstanceOf(InputError);
      expect(existsSync(at("never"))).toBe(false);
      expect((await readdir(folder)).filter((found) => found.includes("partial"))).toEqual([]);
    },
  );

  test.each([
    [["--output", "x"], "no file to match"],
    [["a.csv"], "--output FOLDER is missing"],
    [["a.csv", "-o", "x", "--threshold", "2"], "a probability between 0 and 1"],
    [["a.csv", "-o", "x", "--column", "nonsense=A"], 'there is no role "nonsense"'],
    [["a.csv", "-o", "x", "--explain", "1"], "--explain needs two ids"],
    [["a.csv", "-o", "x", "--frobnicate"], "frobnicate"],
    [["missing.csv", "-o", "x"], "there is no such file"],
  ])("the words %j, then: %s", async (words, message) => {
    await expect(run(...words)).rejects.toThrow(message);
  });

  test("an unknown column, then the known ones are listed", async () => {
    await expect(run(at("people.csv"), "--id", "nr", "-o", at("never"))).rejects.toThrow(
      /there is no such column; there are: id, person/,
    );
  });

  test("a model that is none, then it is refused", async () => {
    await writeFile(at("model.json"), "{}");
    await expect(run(...base(), "--model", at("model.json"), "-o", at("never"))).rejects.toThrow(
      "not a model",
    );
  });
});

test("given a trained model, then its parameters can be read", async () => {
  const model = JSON.parse(await readFile(at("out/model.json"), "utf8")) as MatchingModel;
  for (const field of model.fields) {
    expect(field.m.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(field.u.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
  }
});
