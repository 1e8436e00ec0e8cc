import type { GraphqlClient } from "./graphql-client.ts";
import type { Fragment, Story } from "./story.ts";

export interface Verdict {
  humans: number;
  /** Persons that hold at least one fragment of the story. */
  persons: number;
  /** Humans whose fragments all came to one person that holds nobody else. */
  exact: number;
  /** Pairs of fragments of two humans in one person. */
  wrongMerges: number;
  /** Pairs of fragments of one human in two persons … */
  missedMerges: number;
  /** … of which held apart on purpose: the CRM says "two contacts". */
  keptApart: number;
}

interface Page {
  persons: {
    nodes: { id: string; identifiers: { nodes: { namespace: string; value: string }[] } }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

const personsPage = `query($after: String) {
  persons(first: 200, after: $after) {
    nodes { id identifiers(first: 50) { nodes { namespace value } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/** Reads every person through the API and holds them against what the story knows. */
export async function judgeStory(story: Story, client: GraphqlClient): Promise<Verdict> {
  const personOf = new Map<string, string>();
  for (let after: string | null = null; ; ) {
    const { persons }: Page = await client.ask<Page>(personsPage, { after });
    for (const person of persons.nodes) {
      for (const { namespace, value } of person.identifiers.nodes) {
        personOf.set(`${namespace}:${value}`, person.id);
      }
    }
    if (!persons.pageInfo.hasNextPage) break;
    after = persons.pageInfo.endCursor;
  }
  return compare(story, (fragment) => personOf.get(keyOf(fragment)) ?? null);
}

/** The identifier that only this fragment's system gives. */
function keyOf({ userId, externalIds }: Fragment): string {
  const [external] = externalIds;
  return external ? `${external.type}:${external.id}` : `user_id:${userId}`;
}

/** Counts pairs: `personOf` says where a fragment came to (null: nowhere, as if alone). */
export function compare(story: Story, personOf: (fragment: Fragment) => string | null): Verdict {
  const byPerson = new Map<string, Fragment[]>();
  const byHuman = new Map<number, string[]>();
  story.fragments.forEach((fragment, index) => {
    const person = personOf(fragment) ?? `nobody-${index}`;
    byPerson.set(person, [...(byPerson.get(person) ?? []), fragment]);
    byHuman.set(fragment.human, [...(byHuman.get(fragment.human) ?? []), person]);
  });
  const wrongMerges = sum(
    [...byPerson.values()].map((all) => differingPairs(all.map((f) => f.human))),
  );
  const missed = [...byHuman].map(([human, persons]) => ({
    human,
    pairs: differingPairs(persons),
  }));
  const twice = new Set(
    story.fragments
      .filter(({ externalIds: [id] }) => id?.id.endsWith("-again"))
      .map((f) => f.human),
  );
  const isExact = (persons: string[]) =>
    new Set(persons).size === 1 && byPerson.get(persons[0]!)!.length === persons.length;
  return {
    humans: byHuman.size,
    persons: byPerson.size,
    exact: [...byHuman.values()].filter(isExact).length,
    wrongMerges,
    missedMerges: sum(missed.map(({ pairs }) => pairs)),
    keptApart: sum(missed.filter(({ human }) => twice.has(human)).map(({ pairs }) => pairs)),
  };
}

/** How many pairs of a list have different values. */
function differingPairs(values: readonly (string | number)[]): number {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const pairs = (count: number) => (count * (count - 1)) / 2;
  return pairs(values.length) - sum([...counts.values()].map(pairs));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
