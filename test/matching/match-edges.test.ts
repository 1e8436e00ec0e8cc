import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { matchCommand } from "../../cli/match-command.ts";

let folder = "";
const at = (name: string) => join(folder, name);

async function run(...words: string[]): Promise<string> {
  let said = "";
  const write = (text: string) => {
    said += text;
  };
  await matchCommand(words, { write, writeProgress: () => {}, isTerminal: false });
  return said;
}

const clustersOf = async (name: string) =>
  (await readFile(at(`${name}/clusters.csv`), "utf8")).trimEnd().split("\n").slice(1);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "selfsame-edges-"));
  await writeFile(
    at("few.csv"),
    "name,dob\nJohn Smith,1980-03-04\nJohn Smith,1980-03-04\nJane Roe,1990-01-31\n",
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("given a file whose first line is a record, when matched, then that record counts too", async () => {
  await writeFile(
    at("bare.csv"),
    "John,Smith,1980-03-04\nJohn,Smith,1980-03-04\nJane,Roe,1990-01-31\n",
  );
  const said = await run(at("bare.csv"), "--column", "given=column 1", "-o", at("bare"));
  expect(said).toMatch(/column 1 +givenName \(as you said\)/);
  expect(await clustersOf("bare")).toEqual(["1,1", "2,1", "3,3"]);
});

test("given an id to explain that is not in the file, then it is said before anything is written", async () => {
  await expect(run(at("few.csv"), "--explain", "1", "9", "-o", at("never"))).rejects.toThrow(
    'there is no record with the id "9"',
  );
  expect(existsSync(at("never"))).toBe(false);
});

test("given a model of other columns, then it is refused, for it would match nobody", async () => {
  await run(at("few.csv"), "-o", at("few"));
  await writeFile(at("other.csv"), "Vorname,Nachname\nJohn,Smith\nJohn,Smith\n");
  await expect(
    run(at("other.csv"), "--model", at("few/model.json"), "-o", at("never")),
  ).rejects.toThrow("the model reads the columns name, dob; none is in this file");
});

test("given an output below a file, then it is refused before the work", async () => {
  await expect(run(at("few.csv"), "-o", at("few.csv/out"))).rejects.toThrow(
    "is a file, not a folder",
  );
});

test.each([
  ["phones in several forms", "phone\n+49 151 2345678\n0151 2345678\n0171 9999999\n"],
  [
    "names in several forms",
    'name,dob\n"Smith, John",3/4/80\nJohn Smith,03.04.1980\nJane Roe,1990\n',
  ],
  ["e-mails alone", "email\nann@mail.example\nANN@mail.example\nbob@mail.example\n"],
])(
  "given three records (%s), when matched, then the two that agree are one",
  async (name, text) => {
    await writeFile(at("three.csv"), text);
    await run(at("three.csv"), "-o", at(name));
    expect(await clustersOf(name)).toEqual(["1,1", "2,1", "3,3"]);
  },
);

test.each([
  ["empty lines before the header", "\n\nname;dob\nAnn Lee;1980-01-02\nAnn Lee;1980-01-02\n"],
  ["a line that names the delimiter", "sep=;\nname;dob\nAnn Lee;1980-01-02\nAnn Lee;1980-01-02\n"],
])(
  "given %s, as spreadsheets write it, when matched, then both columns are found",
  async (_, text) => {
    await writeFile(at("excel.csv"), text);
    const said = await run(at("excel.csv"), "-o", at("excel"));
    expect(said).toMatch(/name +fullName/);
    expect(said).toMatch(/dob +birthDate/);
    expect(await clustersOf("excel")).toEqual(["1,1", "2,1"]);
  },
);

test("given Latin-1 whose first accent comes late, when matched, then it is read as such", async () => {
  const plain = Array.from({ length: 4_000 }, (_, row) => `Ann Lee,${1900 + (row % 90)}-01-02\n`);
  const accented = Buffer.from("Renée Dupont,1980-03-04\n".repeat(2), "latin1");
  await writeFile(
    at("late.csv"),
    Buffer.concat([Buffer.from(`name,dob\n${plain.join("")}`), accented]),
  );
  const explained = await run(at("late.csv"), "--explain", "4001", "4002");
  expect(explained).toContain("renee//dupont");
});

test.each([
  [2, 'name,dob\n"Cy Poe,1980-01-02\nDan Fox,1970-01-01\n'],
  [3, 'name,dob\nAnn Lee,1980-01-02\n"Cy Poe,1980-01-02\nDan Fox,1970-01-01\n'],
])("given a quote on line %d that is never closed, then that line is named", async (line, text) => {
  await writeFile(at("open.csv"), text);
  await expect(run(at("open.csv"), "-o", at("never"))).rejects.toThrow(
    `open.csv, line ${line}, column 1: a quote is opened and never closed`,
  );
});

test("given a folder for a file, then that is said", async () => {
  await mkdir(at("folder.csv"));
  await expect(run(at("folder.csv"), "-o", at("never"))).rejects.toThrow("is a folder, not a file");
});

test("given a torn Parquet file, then one line says so", async () => {
  await writeFile(at("torn.parquet"), "PAR1 and no more");
  const failure = run(at("torn.parquet"), "-o", at("never"));
  await expect(failure).rejects.toThrow(/torn\.parquet: cannot be read as Parquet: [^\n]+$/);
});

const UMLAUTS = "id;Vorname;Nachname\n1;Jürgen;Müller\n2;Juergen;Mueller\n3;Anna;Weiß\n";
const bigEndian = (text: string) => Buffer.from(text, "utf16le").swap16();

test.each<[string, Buffer]>([
  ["UTF-8 with a mark", Buffer.from(`\ufeff${UMLAUTS}`)],
  ["Windows-1252", Buffer.from(UMLAUTS, "latin1")],
  ["UTF-16 with a mark", Buffer.from(`\ufeff${UMLAUTS}`, "utf16le")],
  ["UTF-16, big end first, with a mark", bigEndian(`\ufeff${UMLAUTS}`)],
  ["UTF-16 without a mark", Buffer.from(UMLAUTS, "utf16le")],
  ["UTF-16, big end first, without a mark", bigEndian(UMLAUTS)],
])(
  "given a file in %s, when matched, then its letters are read as they are",
  async (name, bytes) => {
    await writeFile(at("encoded.csv"), bytes);
    const said = await run(at("encoded.csv"), "--id", "id", "--explain", "1", "3", "-o", at(name));
    expect(said).toMatch(/jurgen\/\/muller +anna\/\/weiss/);
    expect(await clustersOf(name)).toHaveLength(3);
  },
);

test("given lists of objects in JSON, then a key that tells nothing by itself is led by that of the list", async () => {
  const lines = [
    { id: 1, name: "Ann Lee", phones: [{ kind: "home", number: "0151 2345678" }] },
    {
      id: 2,
      name: "Ann Lee",
      phones: [{ kind: "work", number: "030 7654321" }, { number: "01512345678" }],
    },
    { id: 3, name: "Bo Roe", phones: [], tags: ["a", "b"] },
  ];
  await writeFile(at("lists.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
  const said = await run(at("lists.jsonl"), "--id", "id", "-o", at("lists"));
  expect(said).toMatch(/phones\.number +phone/);
  expect(await clustersOf("lists")).toEqual(["1,1", "2,1", "3,3"]);
});

test("given a JSON array, then it is said that JSON Lines are wanted", async () => {
  await writeFile(at("array.json"), '[\n{"id": 1, "name": "Ann Lee"}\n]\n');
  await expect(run(at("array.json"), "-o", at("never"))).rejects.toThrow(
    "line 1, column 1: this is a JSON array",
  );
});
