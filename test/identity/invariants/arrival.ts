import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  mutate,
  ofPeople,
  type OpenWorld,
  patienceMs,
  personsOf,
  runs,
  seenOf,
  shuffled,
  sizes,
  story,
  tell,
  tellAgain,
  unique,
} from "./invariant-words.ts";

/** What does not depend on when and how often something was said. */
export function arrivalInvariants(open: OpenWorld): void {
  test(
    "1 given any story, when it arrives in another order and other pieces, then persons, traits, accounts and review queue are the same",
    async () => {
      const told = story.chain((sayings) =>
        fc.tuple(fc.constant(sayings), shuffled(sayings.map((_, place) => place)), sizes, sizes),
      );
      await fc.assert(
        fc.asyncProperty(told, async ([sayings, order, some, others]) => {
          const [one, other] = [unique("one"), unique("two")];
          const [first, second] = [ofPeople(sayings, one), ofPeople(sayings, other)];
          await tell(open(), first, some);
          await tell(
            open(),
            order.map((place) => second[place]!),
            others,
          );
          expect(await seenOf(open(), second, other)).toEqual(await seenOf(open(), first, one));
        }),
        runs,
      );
    },
    patienceMs,
  );

  test(
    "2 given any story, when any part of it is told again, then nothing changes and nobody is told",
    async () => {
      const told = story.chain((sayings) =>
        fc.tuple(
          fc.constant(sayings),
          fc.shuffledSubarray(sayings.map((_, place) => place)),
          sizes,
        ),
      );
      await fc.assert(
        fc.asyncProperty(told, async ([sayings, part, some]) => {
          const people = unique("people");
          const own = ofPeople(sayings, people);
          await tell(open(), own, some);
          const before = await seenOf(open(), own, people);
          const head = await open().head();
          await tellAgain(
            open(),
            part.map((place) => own[place]!),
            some[0]!,
          );
          expect(await seenOf(open(), own, people)).toEqual(before);
          const { changes, profiles } = await open().announced(head);
          expect(changes).toEqual([]);
          expect(profiles).toEqual([]);
        }),
        runs,
      );
    },
    patienceMs,
  );

  test("3 given an anonymous history, when a link comes late and is dated early, then the whole history belongs to the person", async () => {
    const [user, device] = [unique("u"), unique("a")];
    const seen = Array.from({ length: 20 }, (_, day) => ({
      type: "TRACK" as const,
      name: "seen",
      ids: { anonymous_id: device, session_id: unique("s") },
      at: `2026-01-${String(day + 10)}T00:00:00.000Z`,
    }));
    await open().accept(...seen);
    await open().accept({ ids: { user_id: user }, at: "2026-02-01T00:00:00.000Z" });
    const link = { user_id: user, anonymous_id: device };
    await open().accept({ ids: link, at: "2026-01-05T00:00:00.000Z" });
    const sessions = seen.map(({ ids }) => ["session_id", ids.session_id] as [string, string]);
    const ids = await personsOf(open(), ["user_id", user], ["anonymous_id", device], ...sessions);
    expect(new Set(ids).size).toBe(1);
  });

  test(
    "4 given any story, when it comes at once, then it is as if it had come bit by bit",
    async () => {
      await fc.assert(
        fc.asyncProperty(story, async (sayings) => {
          const [one, other] = [unique("one"), unique("two")];
          const [first, second] = [ofPeople(sayings, one), ofPeople(sayings, other)];
          await tell(open(), first, [first.length]);
          await tell(open(), second, [1]);
          expect(await seenOf(open(), second, other)).toEqual(await seenOf(open(), first, one));
        }),
        runs,
      );
    },
    patienceMs,
  );

  test(
    "24 given 100 identifies of one new id at once, and merges that cross, when all have run, then there is one person, nothing hangs, and each change was told once and in order",
    async () => {
      const user = unique("u");
      const head = await open().head();
      const calls = Array.from({ length: 100 }, () =>
        open().accept({ ids: { user_id: user, anonymous_id: unique("a") } }),
      );
      await Promise.all(calls);
      const { changes } = await open().announced(head);
      expect(changes.filter(({ kind }) => kind === "CREATE")).toHaveLength(1);
      expect(new Set(changes.map(({ id }) => id)).size).toBe(changes.length);
      const people = Array.from({ length: 6 }, () => unique("u"));
      await open().accept(...people.map((each) => ({ ids: { user_id: each } })));
      const ids = await personsOf(
        open(),
        ...people.map((each): [string, string] => ["user_id", each]),
      );
      const crossing = ids.map((into, place) =>
        mutate(open(), "mergePersons", { into, from: [ids[(place + 1) % 6]!], reason: "x" }).catch(
          (error: Error) => error.message,
        ),
      );
      await Promise.all(crossing);
      const now = await personsOf(
        open(),
        ...people.map((each): [string, string] => ["user_id", each]),
      );
      expect(new Set(now).size).toBe(1);
    },
    patienceMs,
  );
}
