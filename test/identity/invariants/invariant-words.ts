import fc from "fast-check";
import { event, type IdentityWorld, type Saying, unique } from "../identity-world.ts";
import { type QueueNode, Reviewer } from "../review-words.ts";

/** Stories told to a real engine; each run makes its own people, so none needs an empty store. */
export const runs = { numRuns: 8, endOnFailure: true };

/** The machine may be busy with other tests. */
export const patienceMs = 120_000;

export type OpenWorld = () => IdentityWorld;

const value = (most: number) => fc.integer({ min: 1, max: most }).map((n) => `v${n}`);

/** Events over few identifiers: shared devices, shared mailboxes, several ids of one namespace. */
const saying: fc.Arbitrary<Saying> = fc
  .record(
    {
      user_id: value(3),
      anonymous_id: value(3),
      email: value(3),
      crm_contact_id: value(3),
      crm_lead_id: value(2),
    },
    { requiredKeys: [] },
  )
  .filter((ids) => Object.keys(ids).length > 0)
  .chain((ids) =>
    fc.record({
      ids: fc.constant(ids as Record<string, string>),
      at: fc.integer({ min: 10, max: 20 }).map((s) => `2026-01-01T00:00:${s}.000Z`),
      source: fc.constantFrom("web", "crm"),
      traits: fc.dictionary(fc.constantFrom("plan", "city"), fc.oneof(value(3), fc.constant(null))),
    }),
  );

/** Group calls: roles and names of accounts by several sources. */
const grouping: fc.Arbitrary<Saying> = fc.record({
  type: fc.constant("GROUP" as const),
  ids: fc.record({ user_id: value(3) }),
  groupId: value(2),
  at: fc.integer({ min: 10, max: 14 }).map((s) => `2026-01-01T00:00:${s}.000Z`),
  source: fc.constantFrom("web", "crm"),
  traits: fc.record(
    { name: value(3), role: fc.constantFrom("owner", "guest") },
    { requiredKeys: [] },
  ),
});

export const story = fc.array(
  fc.oneof({ weight: 6, arbitrary: saying }, { weight: 1, arbitrary: grouping }),
  { minLength: 2, maxLength: 9 },
);

/** The story of other people, who do and say the same; message ids too are theirs. */
export function ofPeople(sayings: readonly Saying[], people: string): Saying[] {
  return sayings.map((each, place) => ({
    ...each,
    messageId: `${people}-m${place}`,
    ids: Object.fromEntries(
      Object.entries(each.ids).map(([namespace, text]) => {
        const own = `${people}-${text as string}`;
        return [namespace, namespace === "email" ? `${own}@people.example` : own];
      }),
    ),
    ...(each.groupId && { groupId: `${people}-${each.groupId}` }),
  }));
}

const personQuery = `query ($by: PersonBy!) { person(by: $by) {
  id createdAt
  identifiers(first: 100) { nodes { namespace value confidence band firstSeenAt lastSeenAt } }
  traits { name value source { name } observedAt }
  accounts(first: 50) { nodes { role account { groupId name } statements { source { name } role } } }
} }`;

interface Seen {
  id: string;
  identifiers: { nodes: { namespace: string; value: string }[] };
  accounts: { nodes: object[] };
}

/**
 * All that is seen of a story's people, without the names that engine and story gave them: persons
 * with identifiers, traits, accounts, and what waits for a review. Of equally late ones the first
 * depends on those names, so lists are compared in an order of their own.
 */
export async function seenOf(world: IdentityWorld, sayings: readonly Saying[], people: string) {
  const persons = new Map<string, Seen>();
  const named = new Set(
    sayings.flatMap(({ ids }) => Object.entries(ids).map(([n, v]) => JSON.stringify([n, v]))),
  );
  for (const each of named) {
    const [namespace, text] = JSON.parse(each) as [string, string];
    const by = { identifier: { namespace, value: text } };
    const { person } = await world.ask<{ person: Seen }>(personQuery, { by });
    persons.set(person.id, person);
  }
  const plain = (of: unknown) =>
    JSON.parse(JSON.stringify(of).replaceAll(people, "people")) as Record<string, unknown>;
  const views = [...persons.values()].map(({ id: _, ...rest }) => {
    const sorted = (nodes: readonly object[]) =>
      nodes.map((node) => JSON.stringify(plain(node))).sort();
    const identifiers = sorted(rest.identifiers.nodes);
    return JSON.stringify({ ...plain(rest), identifiers, accounts: sorted(rest.accounts.nodes) });
  });
  return { persons: views.sort(), review: await reviewOf(world, people) };
}

/** Every open review item about these people. */
export async function itemsOf(world: IdentityWorld, people: string) {
  const reviewer = new Reviewer(world);
  const found: QueueNode[] = [];
  for (let after: string | null = null; ; ) {
    const { nodes, pageInfo } = await reviewer.queue({}, { after });
    found.push(...nodes.filter((node) => JSON.stringify(node.sides).includes(people)));
    if (!pageInfo.hasNextPage) return found;
    after = pageInfo.endCursor;
  }
}

async function reviewOf(world: IdentityWorld, people: string): Promise<string[]> {
  const nodes = await itemsOf(world, people);
  return nodes
    .map(({ cause, sides }) => {
      const keys = sides.map(({ identifiers }) =>
        identifiers.map((each) => `${each.namespace}:${each.value}`).sort(),
      );
      return `${cause} ${JSON.stringify(keys.sort())}`.replaceAll(people, "people");
    })
    .sort();
}

/** Tells a story in pieces; `sizes` are the lengths of the pieces, over and over. */
export async function tell(
  world: IdentityWorld,
  sayings: readonly Saying[],
  sizes: readonly number[],
): Promise<void> {
  for (let place = 0, turn = 0; place < sayings.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    await world.accept(...sayings.slice(place, place + size));
    place += size;
  }
}

/** The same events once more, as a replay puts them: other places in the stream, nothing else. */
export async function tellAgain(
  world: IdentityWorld,
  sayings: readonly Saying[],
  size: number,
): Promise<void> {
  const { database, streams } = world.platform;
  for (let place = 0; place < sayings.length; place += size) {
    const entries = sayings.slice(place, place + size).map((each) => ({
      key: unique("replay"),
      kind: "ACCEPTED",
      payload: event(each),
    }));
    await database.transaction((tx) => streams.append(tx, "events", entries));
    await world.platform.settle();
  }
}

export const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });

export function shuffled<T>(of: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...of], { minLength: of.length });
}

/** Persons of some identifiers, in order. */
export async function personsOf(
  world: IdentityWorld,
  ...identifiers: [namespace: string, value: string][]
): Promise<string[]> {
  const found: string[] = [];
  for (const [namespace, text] of identifiers) {
    found.push((await world.personOf(namespace, text)) ?? "nobody");
  }
  return found;
}

export async function mutate<T = Record<string, unknown>>(
  world: IdentityWorld,
  field: string,
  input: object,
  selection = "",
): Promise<T> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`;
  const answer = await world.ask<Record<string, T & { problems: unknown[] }>>(
    `mutation ($input: ${type}!) { ${field}(input: $input) { ${selection}
      problems { code message path } } }`,
    { input },
  );
  const { problems } = answer[field]!;
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  await world.platform.settle();
  return answer[field]!;
}

export { unique };
