import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { InputError } from "../../cli/input/input-error.ts";
import { putRecordsCommand } from "../../cli/put-records-command.ts";
import { layoutName, type RunningLayout, startLayout } from "./running-layout.ts";

let layout: RunningLayout;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "selfsame-records-"));
  layout = await startLayout();
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await layout?.remove();
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(...words: string[]): Promise<{ code: number; said: string }> {
  let said = "";
  const write = (text: string) => void (said += text);
  const output = { write, writeProgress: () => undefined, isTerminal: false };
  return { code: await putRecordsCommand(words, output, layout), said };
}

const contacts = ["--source", "crm", "--kind", "contact", "--id", "ContactId"];
const header = "ContactId;Vorname;Nachname;Geburtsdatum;Email;Modified\n";

async function personsNamed(ids: readonly string[]): Promise<(string | null)[]> {
  return Promise.all(
    ids.map(async (value) => {
      const { person } = await layout.ask<{ person: { id: string } | null }>(
        'query ($value: String!) { person(by: { identifier: { namespace: "crm_contact_id", value: $value } }) { id } }',
        { value },
      );
      return person?.id ?? null;
    }),
  );
}

describe(`records of a file, sent to ${layoutName}`, () => {
  test("given contacts of a CRM, when they are sent, then each is a person who can be found, what was refused is told with its line, and sending them again changes nothing", async () => {
    const path = file(
      "contacts.csv",
      `${header}003A;Ana;Sousa;02.04.1988;ana@example.com;2026-01-01\n` +
        "003B;Rui;Costa;17.09.1971;rui@example.com;2026-01-01\n" +
        "003C;Eva;Pinto;30.06.1990;eva@example.com;yesterday\n",
    );
    const words = [
      path,
      ...contacts,
      ...["--identifier", "crm_contact_id=ContactId", "--identifier", "email=Email"],
      ...["--observed-at", "Modified"],
    ];
    const { code, said } = await run(...words);
    expect(code).toBe(2);
    expect(said).toContain(`${path}, line 4: "003C" was refused. OBSERVED_AT_INVALID`);
    expect(said).toContain("2 records taken in, 1 refused");
    const persons = await personsNamed(["003A", "003B", "003C"]);
    expect(persons).toEqual([expect.any(String), expect.any(String), null]);
    const { person } = await layout.ask<{ person: { records: unknown; traits: unknown } }>(
      `{ person(by: { identifier: { namespace: "email", value: "ana@example.com" } }) {
        records { nodes { source { name } kind key attributes } } } }`,
    );
    expect(person.records).toMatchObject({
      nodes: [
        {
          source: { name: "crm" },
          kind: "CONTACT",
          key: "003A",
          attributes: { Nachname: "Sousa" },
        },
      ],
    });
    const head = () => layout.ask<{ streamHead: string }>("{ streamHead(stream: IDENTITY) }");
    const before = await head();
    await run(...words);
    expect(await head()).toEqual(before);
    expect(await personsNamed(["003A", "003B", "003C"])).toEqual(persons);
  });

  test("given many refusals, when a file is named for them, then it has each with file, line, key and reasons", async () => {
    const rows = Array.from({ length: 450 }, (_, place) => `b${place};Ana;Silva;;;never\n`);
    const path = file("many.csv", header + rows.join(""));
    const rejected = join(folder, "rejected.jsonl");
    const { code, said } = await run(
      path,
      ...contacts,
      ...["--observed-at", "Modified", "--rejected", rejected],
    );
    expect([code, said]).toEqual([2, "0 records taken in, 450 refused\n"]);
    const lines = readFileSync(rejected, "utf8").trim().split("\n");
    expect(lines).toHaveLength(450);
    expect(JSON.parse(lines[449]!)).toMatchObject({
      file: path,
      line: 451,
      key: "b449",
      problems: [{ code: "OBSERVED_AT_INVALID" }],
    });
  });

  test.each([
    ["an id twice", `${header}1;A;B;;;\n2;A;B;;;\n1;A;C;;;\n`, [], /line 4: the id "1" .* line 2/],
    ["an empty id", `${header};A;B;;;\n`, [], /line 2: the id \(ContactId\) is empty/],
    ["no records", header, [], /the file has no records/],
    ["a row that is too long", `${header}1;A;B;;;;;;\n`, [], /line 2/],
    [
      "an unknown column",
      `${header}1;A;B;;;\n`,
      ["--ignore", "Age"],
      /--ignore Age: there is no such column/,
    ],
    [
      "an unknown kind",
      `${header}1;A;B;;;\n`,
      ["--kind", "FRIEND"],
      /there is no such kind; there are USER/,
    ],
    ["a wrong key", `${header}1;A;B;;;\n`, ["--key", "sk_wrong"], /key/i],
    [
      "nobody there",
      `${header}1;A;B;;;\n`,
      ["--url", "http://127.0.0.1:1"],
      /nothing answers at http:\/\/127.0.0.1:1;/,
    ],
  ])(
    "given %s, when it is to be sent, then nothing is, and the message says what to mend",
    async (_, text, more, message) => {
      const path = file("broken.csv", text);
      const refused = run(path, ...contacts, ...more);
      await expect(refused).rejects.toThrow(message);
      await expect(refused).rejects.toBeInstanceOf(InputError);
    },
  );

  test("given --check, when a file is read, then nothing is sent", async () => {
    const path = file("check.csv", `${header}c1;A;B;;;\n`);
    const { code, said } = await run(
      path,
      ...contacts,
      "--identifier",
      "crm_contact_id=ContactId",
      "--check",
    );
    expect([code, said]).toEqual([0, "1 records could be read; nothing was sent\n"]);
    expect(await personsNamed(["c1"])).toEqual([null]);
  });
});
