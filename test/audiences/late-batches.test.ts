import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Transaction } from "../../kernel/database/database.ts";
import type { Streams } from "../../kernel/streams/streams.ts";
import { KnownUntil } from "../../subgraphs/audiences/service/known-until.ts";
import type { DefinitionStore } from "../../subgraphs/audiences/store/definition-store.ts";
import { causeless, identityChange } from "./announced.ts";
import { AudienceWorld, minuteMs } from "./audience-world.ts";
import { LateStory } from "./late-story.ts";

const recent = { event: { name: "visited", within: "PT10M" } };
const lapsed = {
  all: [
    { event: { name: "visited", count: { atLeast: 1 } } },
    { not: { event: { name: "visited", within: "PT10M" } } },
  ],
};

describe("batches that come late", () => {
  let world: AudienceWorld;
  beforeAll(async () => {
    world = await AudienceWorld.start();
    await world.audience("recent", recent);
    await world.audience("lapsed", lapsed);
  }, 120_000);
  afterAll(() => world?.stop());

  const now = () => world.clock.now().getTime();
  const toldOf = async (name: string, personId: string) =>
    (await world.feed(name))
      .filter((entry) => entry.personId === personId)
      .map(({ kind, occurredAt }) => [kind, Date.parse(occurredAt)]);

  /** A person who visits now; his window ends ten minutes later. */
  async function visitor(person: string): Promise<number> {
    await world.create(person, `user_id:${person}`);
    await world.happen({ key: `user_id:${person}`, person, name: "visited" });
    await world.settle();
    return now() + 10 * minuteMs;
  }

  test("given a window that ended unseen, when a later event of the person comes in, then the exit is told at the end of the window, and the entry after it", async () => {
    const endMs = await visitor("person_ana");
    const enteredMs = now();
    world.clock.advanceMs(12 * minuteMs);
    await world.happen({ key: "user_id:person_ana", person: "person_ana", name: "visited" });
    await world.settle();
    expect(await toldOf("recent", "person_ana")).toEqual([
      ["ENTERED", enteredMs],
      ["EXITED", endMs],
      ["ENTERED", now()],
    ]);
    expect(await toldOf("lapsed", "person_ana")).toEqual([
      ["ENTERED", endMs],
      ["EXITED", now()],
    ]);
    const [, exit, entry] = (await world.feed("recent")).filter(
      ({ personId }) => personId === "person_ana",
    );
    expect(exit!.cause.messageId).toBeNull();
    expect(entry!.cause.messageId).toMatch(/^message_/);
  });

  test("given an event of before the end that is still waiting, when the timer looks, then it waits for it and nobody is told to have left", async () => {
    const boEndMs = await visitor("person_bo");
    world.clock.advanceMs(2 * minuteMs);
    const cyEndMs = await visitor("person_cy");
    const enteredMs = now();
    world.clock.advanceMs(9 * minuteMs);
    const waiting = await world.accept({
      key: "user_id:person_cy",
      person: "person_cy",
      name: "visited",
    });
    world.clock.advanceMs(5 * minuteMs);
    while ((await toldOf("recent", "person_bo")).length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await toldOf("recent", "person_bo")).toContainEqual(["EXITED", boEndMs]);
    expect(cyEndMs).toBeLessThan(now());
    await world.append([waiting]);
    await world.advanceTo(now());
    expect(await world.members("recent")).toContain("person_cy");
    expect(await toldOf("recent", "person_cy")).toEqual([["ENTERED", enteredMs]]);
  });

  test("given a window that ended unseen, when the person is merged away later, then he left at its end", async () => {
    const endMs = await visitor("person_di");
    await world.create("person_ed", "user_id:person_ed");
    await world.settle();
    world.clock.advanceMs(12 * minuteMs);
    await world.merge("person_ed", "person_di", "user_id:person_di");
    await world.settle();
    expect((await toldOf("recent", "person_di")).at(-1)).toEqual(["EXITED", endMs]);
    expect(await toldOf("lapsed", "person_di")).toEqual([
      ["ENTERED", endMs],
      ["EXITED", now()],
    ]);
    // Other windows end meanwhile.
    await world.advanceTo(now());
    expect(await world.members("lapsed")).toContain("person_ed");
  });

  test("given an audience that was activated while events waited, when they come in, then nothing is dated before it was in force", async () => {
    await world.create("person_fi", "user_id:person_fi");
    const entries = [
      await world.accept({ key: "user_id:person_fi", person: "person_fi", name: "paid" }),
    ];
    world.clock.advanceMs(3 * minuteMs);
    await world.audience("payers", { event: { name: "paid", within: "PT10M" } });
    const activeMs = now();
    world.clock.advanceMs(minuteMs);
    await world.append(entries);
    await world.settle();
    expect(await toldOf("payers", "person_fi")).toEqual([["ENTERED", activeMs]]);
  });

  test("given a member by an activation, when it comes in that he was merged away before it, then he left no earlier than he entered", async () => {
    await world.create("person_gus", "user_id:person_gus");
    await world.create("person_hal", "user_id:person_hal");
    await world.settle();
    const [hal, gus, key] = ["person_hal", "person_gus", "user_id:person_gus"];
    const resolved = await world.accept({ key, person: hal, name: "signed_in" });
    const merge = identityChange({
      ...{ id: "change_late", kind: "MERGE", at: world.clock.now(), personIds: [hal, gus] },
      ...{ moves: [[key, gus, hal]], redirects: [{ from: gus, to: hal }] },
    });
    const cause = { ...causeless, messageId: `message_${world.lastSerial}` };
    const payload = { ...merge, cause };
    world.clock.advanceMs(3 * minuteMs);
    await world.audience("everybody", { not: { event: { name: "opted_out" } } });
    const activeMs = now();
    world.clock.advanceMs(minuteMs);
    await world.append([{ key: hal, kind: "CHANGE", payload }, resolved]);
    await world.settle();
    expect(await toldOf("everybody", "person_gus")).toEqual([
      ["ENTERED", activeMs],
      ["EXITED", activeMs],
    ]);
  });

  test("given events that stand still, when they have been waited for, then the clock alone counts", async () => {
    const waiting = { at: new Date(1_000) };
    const streams = { read: async () => [waiting] } as unknown as Streams;
    const definitions = { takenUntil: async () => 7 } as unknown as DefinitionStore;
    const transaction = {} as Transaction;
    expect(await new KnownUntil(streams, definitions).at(transaction, 5_000)).toBe(1_000);
    expect(await new KnownUntil(streams, definitions, 0).at(transaction, 5_000)).toBe(5_000);
    const none = { read: async () => [] } as unknown as Streams;
    expect(await new KnownUntil(none, definitions).at(transaction, 5_000)).toBe(5_000);
  });
});

describe("lateness against promptness", () => {
  let world: AudienceWorld;
  beforeAll(async () => {
    world = await AudienceWorld.start();
    for (const [name, rule] of Object.entries(LateStory.rules)) await world.audience(name, rule);
  }, 120_000);
  afterAll(() => world?.stop());

  test("given any story, when it is taken in late and in any portions, then the history of every membership is that of taking it in at once", async () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const story = new LateStory(world, seed);
      const prompt = await story.takenAtOnce();
      const late = await story.takenLate();
      expect({ seed, history: late }).toEqual({ seed, history: prompt });
    }
  }, 120_000);
});
