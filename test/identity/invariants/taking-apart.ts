import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import { putRecords } from "../record-words.ts";
import { Reviewer } from "../review-words.ts";
import {
  itemsOf,
  mutate,
  ofPeople,
  type OpenWorld,
  patienceMs,
  personsOf,
  runs,
  seenOf,
  story,
  tell,
  tellAgain,
  unique,
} from "./invariant-words.ts";

interface Changed {
  change: { id: string };
}

/** What stays when persons come together and part. */
export function takingApartInvariants(open: OpenWorld): void {
  const merge = (into: string, ...from: string[]) =>
    mutate<Changed>(open(), "mergePersons", { into, from, reason: "test" }, "change { id }");

  test(
    "19 given any two stories, when their people are merged, more is told, and the merge is reverted, then both sides are as if never merged, with the later facts on the right side",
    async () => {
      await fc.assert(
        fc.asyncProperty(story, story, async (sayings, later) => {
          const [people, like] = [unique("one"), unique("two")];
          const [own, never] = [ofPeople(sayings, people), ofPeople(sayings, like)];
          await tell(open(), own, [5]);
          await tell(open(), never, [5]);
          const other = unique("u");
          await open().accept({ ids: { user_id: other }, at: "2026-01-02T00:00:00.000Z" });
          const [first] = Object.entries(own[0]!.ids) as [string, string][];
          const [into, from] = await personsOf(open(), first!, ["user_id", other]);
          const { change } = await merge(into!, from!);
          const rest = (name: string) =>
            ofPeople(later, name).map((each) => ({
              ...each,
              messageId: `${each.messageId}-later`,
            }));
          await tell(open(), rest(people), [5]);
          await tell(open(), rest(like), [5]);
          await mutate(open(), "revertIdentityChange", { change: change.id });
          const both = (name: string) => [...ofPeople(sayings, name), ...rest(name)];
          expect(await seenOf(open(), both(people), people)).toEqual(
            await seenOf(open(), both(like), like),
          );
          expect(await personsOf(open(), ["user_id", other])).toEqual([from]);
        }),
        runs,
      );
    },
    patienceMs,
  );

  test(
    "20 given any story and a split, when all of it is told again in any pieces, then the split holds",
    async () => {
      await fc.assert(
        fc.asyncProperty(story, async (sayings) => {
          const people = unique("people");
          const [user, email] = [`${people}-u`, `${people}-e@x.example`];
          const tied = { ids: { user_id: user, email }, messageId: `${people}-tied` };
          const own = [tied, ...ofPeople(sayings, people)];
          await tell(open(), own, [4]);
          const [person, same] = await personsOf(open(), ["user_id", user], ["email", email]);
          expect(same).toBe(person);
          const identifiers = [{ namespace: "email", value: email }];
          await mutate(open(), "splitPerson", { person, identifiers, reason: "test" });
          const [left, right] = await personsOf(open(), ["user_id", user], ["email", email]);
          expect(left).not.toBe(right);
          await tellAgain(open(), own, 3);
          const now = await personsOf(open(), ["user_id", user], ["email", email]);
          expect(now).toEqual([left, right]);
        }),
        runs,
      );
    },
    patienceMs,
  );

  test(
    "21 given a chain of 50 merges, when any old id is asked for, then the survivor answers, in one hop",
    async () => {
      const users = Array.from({ length: 51 }, () => unique("u"));
      await open().accept(...users.map((user) => ({ ids: { user_id: user } })));
      const ids = await personsOf(
        open(),
        ...users.map((user): [string, string] => ["user_id", user]),
      );
      for (let place = 1; place < ids.length; place += 1) await merge(ids[place]!, ids[place - 1]!);
      const survivor = ids.at(-1)!;
      for (const id of ids) {
        const { person } = await open().ask<{ person: { id: string; redirectedFrom: string[] } }>(
          "query ($id: ID!) { person(by: { id: $id }) { id redirectedFrom } }",
          { id },
        );
        expect(person.id).toBe(survivor);
        expect(person.redirectedFrom.sort()).toEqual(ids.slice(0, -1).sort());
      }
    },
    patienceMs,
  );

  test("22 given a human's no, when the records match for certain and the model says so again, then the human's word stands and the contradiction is asked", async () => {
    const like = {
      givenName: unique("Ilse"),
      familyName: unique("Brandt"),
      birthDate: "1977-06-05",
    };
    const record = (key: string) => ({
      kind: "CONTACT",
      key,
      attributes: { ...like, postalCode: "1100-148", email: `${key}@x.example` },
    });
    const [one, other] = [unique("r"), unique("r")];
    await putRecords(open(), "crm", record(one));
    await putRecords(open(), "lms", record(other));
    await open().platform.settle();
    const of = (source: string, key: string): [string, string] => [
      "record",
      `${source}/CONTACT/${key}`,
    ];
    const [person, same] = await personsOf(open(), of("crm", one), of("lms", other));
    expect(same).toBe(person);
    const [namespace, value] = of("lms", other);
    const identifiers = [{ namespace, value }];
    await mutate(open(), "splitPerson", { person, identifiers, reason: "Two women" });
    const later = (key: string) => ({ ...record(key), observedAt: "2026-06-01T00:00:00Z" });
    await putRecords(open(), "crm", later(one));
    await putRecords(open(), "lms", later(other));
    await open().platform.settle();
    const [left, right] = await personsOf(open(), of("crm", one), of("lms", other));
    expect(left).not.toBe(right);
  });

  test(
    "23 given any story, when its changes are read from the log alone and applied in order, then they make the present persons, and what explains them adds up",
    async () => {
      await fc.assert(
        fc.asyncProperty(story, async (sayings) => {
          const people = unique("people");
          const own = ofPeople(sayings, people);
          const head = await open().head();
          await tell(open(), own, [2]);
          const { changes } = await open().announced(head);
          const places = new Map<string, string | null>();
          for (const { moves } of changes) {
            for (const move of moves) places.set(identifierKey(move), move.to);
          }
          for (const [key, place] of places) {
            const colon = key.indexOf(":");
            const [now] = await personsOf(open(), [key.slice(0, colon), key.slice(colon + 1)]);
            expect([key, place]).toEqual([key, now]);
          }
          const [one, other] = own.flatMap(({ ids }) => Object.entries(ids) as [string, string][]);
          await explains(open, one!, other ?? one!);
        }),
        runs,
      );
    },
    patienceMs,
  );

  test("22 given a review item, when it is rejected and all is told again, then it stays rejected", async () => {
    const [a, b, email] = [unique("c"), unique("c"), `${unique("e")}@x.example`];
    const both = [a, b].map((id) => ({
      ids: { crm_contact_id: id, email },
      messageId: unique("m"),
    }));
    await open().accept(...both);
    const reviewer = new Reviewer(open());
    const [item] = await itemsOf(open(), b);
    expect((await reviewer.say(item!.id, "REJECT")).problems).toEqual([]);
    await tellAgain(open(), both, 1);
    expect(await itemsOf(open(), b)).toEqual([]);
    const [left, right] = await personsOf(open(), ["crm_contact_id", a], ["crm_contact_id", b]);
    expect(left).not.toBe(right);
  });
}

/** The path that is told leads from one to the other, and its weakest tie is the confidence. */
async function explains(
  open: OpenWorld,
  [n, v]: [string, string],
  [m, w]: [string, string],
): Promise<void> {
  const { explainIdentity: told } = await open().ask<{
    explainIdentity: {
      samePerson: boolean;
      confidence: number | null;
      path: { confidence: number }[];
      refusals: unknown[];
    };
  }>(
    `query ($left: IdentifierInput!, $right: IdentifierInput!) {
      explainIdentity(left: $left, right: $right) {
        samePerson confidence path { confidence } refusals { constraint } } }`,
    { left: { namespace: n, value: v }, right: { namespace: m, value: w } },
  );
  const [one, other] = await personsOf(open(), [n, v], [m, w]);
  expect(told.samePerson).toBe(one === other);
  if (!told.samePerson) expect(told.refusals.length).toBeGreaterThan(0);
  else expect(told.confidence).toBe(Math.min(1, ...told.path.map(({ confidence }) => confidence)));
}
