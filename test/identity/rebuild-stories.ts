import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Rebuild } from "../../subgraphs/identity/service/rebuild.ts";
import type { IdentityReader } from "../../subgraphs/identity/store/identity-reader.ts";
import { IdentityWorld, type Saying, unique } from "./identity-world.ts";

const merge = `mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { change { id } } }`;
const split = `mutation ($input: SplitPersonInput!) { splitPerson(input: $input) { change { id } } }`;
const revert = `mutation ($input: RevertIdentityChangeInput!) {
  revertIdentityChange(input: $input) { change { id } } }`;

type Step =
  | { kind: "say"; names: number[] }
  | { kind: "merge" | "split" | "revert"; one: number; other: number };

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("say" as const),
        names: fc.uniqueArray(fc.nat(7), { minLength: 1, maxLength: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom("merge" as const, "split" as const, "revert" as const),
        one: fc.nat(7),
        other: fc.nat(7),
      }),
    },
  ),
  { minLength: 3, maxLength: 12 },
);

/** The audit log alone tells the present and any past partition; true in every layout. */
export function rebuildStories(
  start: () => Promise<IdentityWorld>,
  readerOf: (world: IdentityWorld) => Promise<IdentityReader>,
): void {
  let world: IdentityWorld;
  let reader: IdentityReader;
  let rebuild: Rebuild;

  beforeAll(async () => {
    world = await start();
    reader = await readerOf(world);
    rebuild = new Rebuild(reader);
  }, 120_000);
  afterAll(() => world?.stop());

  const namespaces = ["user_id", "email", "anonymous_id", "anonymous_id"];
  const identifierOf = (prefix: string, n: number) => {
    const namespace = namespaces[n % namespaces.length]!;
    return { namespace, value: `${prefix}-${n}${namespace === "email" ? "@example.com" : ""}` };
  };

  async function take(step: Step, prefix: string, changes: string[]): Promise<void> {
    if (step.kind === "say") {
      const ids: Record<string, string[]> = {};
      for (const n of step.names) {
        const { namespace, value } = identifierOf(prefix, n);
        (ids[namespace] ??= []).push(value);
      }
      return world.accept({ ids } as Saying);
    }
    const [one, other] = [step.one, step.other].map((n) => identifierOf(prefix, n));
    const personIds = [
      await world.personOf(one!.namespace, one!.value),
      await world.personOf(other!.namespace, other!.value),
    ];
    const reason = "because";
    if (personIds.some((id) => id === null)) return;
    const input = {
      merge: { into: personIds[0], from: [personIds[1]], reason },
      split: { person: personIds[0], identifiers: [one], reason },
      revert: { change: changes.at(-1) ?? "none", reason },
    }[step.kind];
    const answer = await world.ask<Record<string, { change: { id: string } | null }>>(
      { merge, split, revert }[step.kind],
      { input },
    );
    const id = Object.values(answer)[0]!.change?.id;
    if (id) changes.push(id);
  }

  const positionNow = async () => {
    const page = await reader.listAudit({ personId: null, kinds: null }, { limit: 1, after: null });
    return Number(page[0]?.sortKey ?? 0);
  };

  test("given any story, then the audit log alone rebuilds the present and every past partition", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const prefix = unique("r");
        const changes: string[] = [];
        const past: { position: number; partition: Map<string, string> }[] = [];
        for (const step of story) {
          await take(step, prefix, changes);
          await world.platform.settle();
          const { partition, differences } = await rebuild.compare();
          expect(differences).toEqual([]);
          past.push({ position: await positionNow(), partition: new Map(partition) });
        }
        for (const { position, partition } of past) {
          expect((await rebuild.rebuild(position)).partition).toEqual(partition);
        }
      }),
      { numRuns: 8 },
    );
  }, 180_000);

  test("given a graph that was tampered with, then the difference is told", async () => {
    const tampered = Object.create(reader) as IdentityReader;
    const email = { namespace: "email", value: `${unique("tampered")}@example.com` };
    await world.accept({ ids: { email: email.value } });
    const key = `email:${email.value}`;
    tampered.identifiersOfPersons = async (ids) =>
      (await reader.identifiersOfPersons(ids)).filter((each) => each.key !== key);
    const { differences } = await new Rebuild(tampered).compare();
    const audited = await world.personOf("email", email.value);
    expect(differences).toEqual([{ key, audited, stored: null }]);
  });
}
