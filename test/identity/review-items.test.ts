import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { NewReviewItem } from "../../subgraphs/identity/domain/review-item.ts";
import { emptyReviewNote, type ReviewNote } from "../../subgraphs/identity/domain/review-note.ts";
import { ReviewItems } from "../../subgraphs/identity/store/review-items.ts";
import { applyReviewNote } from "../../subgraphs/identity/store/review-notes.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import type { Database } from "../../kernel/database/database.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import { unique } from "./identity-world.ts";

let database: Database;
let items: ReviewItems;
beforeAll(async () => {
  database = await openTestDatabase();
  await migrate(database, "identity", identityMigrations);
  items = new ReviewItems(database);
}, 120_000);
afterAll(() => database?.close());

function medium(changes: Partial<NewReviewItem> = {}): NewReviewItem {
  return {
    cause: "MEDIUM_MATCH",
    sides: [unique("record:a"), unique("record:b")],
    persons: [unique("person_a"), unique("person_b")],
    probability: 0.7,
    weights: [{ field: "surname", outcome: "EXACT", weightBits: 7.5 }],
    sources: ["crm"],
    ...changes,
  };
}

const of = async (item: NewReviewItem) => {
  const [row] = await database.query<{ id: string }>(
    "select id from identity.review_items where low_key = any($1::text[]) and cause = $2",
    [[...item.sides], item.cause],
  );
  return row ? items.find(row.id) : null;
};
const apply = (note: Partial<ReviewNote>) =>
  database.transaction((tx) => applyReviewNote(tx, { ...emptyReviewNote, ...note }));

describe("what waits for a review", () => {
  test("given an item, when it is put again with its sides the other way round, then it is one and brought up to date", async () => {
    const item = medium();
    await items.put([item]);
    const first = await of(item);
    expect(first).toMatchObject({ state: "OPEN", probability: 0.7, assignee: null, verdict: null });
    const turned = {
      ...item,
      sides: [item.sides[1], item.sides[0]] as const,
      persons: [item.persons[1], item.persons[0]] as const,
      probability: 0.8,
      sources: ["shop"],
    };
    await items.put([turned, turned]);
    const { createdAt, id } = first!;
    expect(await of(item)).toMatchObject({
      id,
      createdAt,
      probability: 0.8,
      sources: ["crm", "shop"],
      persons: item.persons,
    });
  });

  test("given two ties between the same two, when both are refused at once, then the item names the sources of both", async () => {
    const item = medium({ cause: "CONSTRAINT", probability: null, weights: [] });
    await items.put([item, { ...item, sources: ["web", "app"] }]);
    expect(await of(item)).toMatchObject({ sources: ["app", "crm", "web"] });
  });

  test("given an open item, when its two persons become one and two again, then it is closed and open again", async () => {
    const item = medium();
    await items.put([item]);
    const [a, b] = item.persons as [string, string];
    await apply({ merges: [{ from: b, to: a }] });
    expect(await of(item)).toMatchObject({ state: "CLOSED", persons: [a, a] });
    await apply({ moves: [{ key: item.sides[1], personId: b }] });
    expect(await of(item)).toMatchObject({ state: "OPEN", persons: [a, b] });
    await apply({ merges: [{ from: b, to: a }] });
    await apply({ moves: [{ key: item.sides[1], personId: b }], reopens: false });
    expect((await of(item))!.state).toBe("CLOSED");
  });

  test("given a refusal of a component, when the component has it no more, then it is closed, and open again when it comes back", async () => {
    const [low, high] = [unique("email:a"), unique("user_id:b")];
    const pair = {
      cause: "CONSTRAINT" as const,
      low,
      high,
      lowPerson: unique("person"),
      highPerson: unique("person"),
      probability: null,
      sources: ["web"],
    };
    const item = medium({ cause: "CONSTRAINT", sides: [low, high] });
    await apply({ refused: [pair] });
    expect((await of(item))!.state).toBe("OPEN");
    await apply({ refused: [pair], settledKeys: [low, high] });
    expect((await of(item))!.state).toBe("OPEN");
    await apply({ settledKeys: [low, high] });
    expect((await of(item))!.state).toBe("CLOSED");
    await apply({ refused: [pair] });
    expect((await of(item))!.state).toBe("OPEN");
    await apply({ settledKeys: [low, high], keptApart: [{ low, high }] });
    expect((await of(item))!.state).toBe("CLOSED");
  });

  test("given a verdict, when the item is put again, then it stands; when its decision is withdrawn, then it is open again", async () => {
    const item = medium();
    await items.put([item]);
    const { id } = (await of(item))!;
    const verdict = {
      itemIds: [id],
      verdict: "REJECT" as const,
      decidedBy: "key_x",
      decidedAt: "2026-01-01T00:00:00.000Z",
      reason: "No",
      decisionId: unique("decision"),
    };
    await apply({ verdict });
    await items.put([{ ...item, probability: 0.9 }]);
    expect(await of(item)).toMatchObject({ state: "DECIDED", verdict: "REJECT" });
    const again = medium({ persons: item.persons });
    await items.put([again]);
    expect((await of(again))!.state).toBe("CLOSED");
    await apply({ decision: { id: verdict.decisionId, step: "WITHDRAWN" } });
    expect(await of(item)).toMatchObject({ state: "OPEN", verdict: null, decidedBy: null });
    await apply({ decision: { id: verdict.decisionId, step: "MADE" } });
    expect(await of(item)).toMatchObject({ state: "DECIDED", verdict: "REJECT" });
  });

  test("given an item, when two reviewers claim it, then one has it; when its identifier is erased, then it is gone", async () => {
    const item = medium();
    await items.put([item]);
    const { id } = (await of(item))!;
    const now = new Date("2026-01-01T00:00:00.000Z");
    const taken = await Promise.all(["a", "b"].map((by) => items.claim([id], by, now, 1_000)));
    expect(taken.sort()).toEqual([false, true]);
    expect(await items.claim([id], "c", new Date(now.getTime() + 2_000), 1_000)).toBe(true);
    await items.forget([item.sides[0]]);
    expect(await of(item)).toBeNull();
  });
});
