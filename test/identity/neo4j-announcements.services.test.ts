import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { GraphDatabase } from "../../kernel/graph/graph-database.ts";
import {
  leaveAnnouncements,
  readAnnouncements,
  removeAnnouncements,
} from "../../subgraphs/identity/store/neo4j-announcements.ts";
import { Neo4jErasing } from "../../subgraphs/identity/store/neo4j-erasing.ts";
import { openEmptyGraph } from "./neo4j-world.ts";

let graph: GraphDatabase;

beforeAll(async () => {
  graph = await openEmptyGraph();
});

afterAll(async () => {
  await graph?.close();
});

function entry(key: string, payload: unknown = { key }) {
  return { key, kind: "CHANGE", payload };
}

test("given two units of work spoke, when what they said is read from the midst of one, then the rest comes in order, whole, until it is removed", async () => {
  const odd = entry("ö", { text: "é\u0001🦊 \"'\\", none: null, list: [1, 2.5] });
  await graph.write(async (tx) => leaveAnnouncements(tx, [entry("a"), entry("b"), odd], 11));
  await graph.write(async (tx) => leaveAnnouncements(tx, [entry("d")], 14));
  const rest = await graph.read((tx) => readAnnouncements(tx, 11));
  expect(rest).toEqual([
    { ...entry("b"), position: 12 },
    { ...odd, position: 13 },
    { ...entry("d"), position: 14 },
  ]);
  // A unit of work that is not yet told to its end stays whole.
  expect(await graph.write((tx) => removeAnnouncements(tx, 12, 10))).toBe(0);
  expect(await graph.write((tx) => removeAnnouncements(tx, 13, 10))).toBe(1);
  expect(await graph.read((tx) => readAnnouncements(tx, 0))).toHaveLength(1);
  expect(await graph.write((tx) => removeAnnouncements(tx, 14, 10))).toBe(1);
});

test.each([
  { what: "an address", reason: "Said ANA@mail.example", parts: ["ana@mail.example"], digits: [] },
  { what: "a number", reason: "Call (020) 79 46-0958", parts: [], digits: ["02079460958"] },
])(
  "given an announcement waits that names $what of somebody erased, when the audit log is scrubbed, then it is not done before that has left",
  async ({ reason, parts, digits }) => {
    await graph.write(async (tx) =>
      leaveAnnouncements(tx, [entry("x"), entry("y", { reason })], 21),
    );
    const counts = { eventsPosition: 0, announced: 0, audited: 0 };
    const scrub = (texts: { parts: string[]; digits: string[] }) =>
      graph.write((tx) =>
        new Neo4jErasing(tx, counts, () => undefined).scrubAudit(
          { after: 7, ...texts },
          (audit) => audit,
        ),
      );
    expect(await scrub({ parts, digits })).toBe(7);
    expect(await scrub({ parts: ["somebody@else.example"], digits: ["999999999"] })).toBeNull();
    await graph.write((tx) => removeAnnouncements(tx, 22, 10));
    expect(await scrub({ parts, digits })).toBeNull();
  },
);
