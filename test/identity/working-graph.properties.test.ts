import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import {
  combineEvidence,
  type Evidence,
  evidenceKey,
} from "../../subgraphs/identity/domain/evidence.ts";
import { genericKeys } from "../../subgraphs/identity/domain/generic-values.ts";
import type { Group } from "../../subgraphs/identity/domain/group.ts";
import { indexPolicy } from "../../subgraphs/identity/domain/identity-policy.ts";
import { IdentifierReader } from "../../subgraphs/identity/domain/normalise-identifier.ts";
import { observe, type Observation } from "../../subgraphs/identity/domain/observation.ts";
import { type Partition, partition } from "../../subgraphs/identity/domain/partition.ts";
import type { SeenIdentifier } from "../../subgraphs/identity/domain/person-state.ts";
import { MemoryGraph } from "./memory-graph.ts";
import { event, type Saying } from "./identity-world.ts";

const limits: Readonly<Record<string, { limit: number; limitWithin?: string }>> = {
  email: { limit: 2 },
  phone: { limit: 1, limitWithin: "PT9S" },
  anonymous_id: { limit: 2, limitWithin: "PT7S" },
};

/** Small limits, so that every constraint is met often. */
const policy = {
  ...defaultPolicy,
  genericAbove: 4,
  namespaces: defaultPolicy.namespaces.map((each) => ({ ...each, ...limits[each.name] })),
};
const index = indexPolicy(policy);
const reader = new IdentifierReader(policy);

const value = (most: number) => fc.integer({ min: 1, max: most }).map((n) => `v${n}`);

/** Events over few identifiers: shared devices, shared mailboxes, several ids of one namespace. */
const saying: fc.Arbitrary<Saying> = fc
  .record(
    {
      user_id: value(4),
      anonymous_id: value(4),
      email: value(3).map((text) => `${text}@x.org`),
      crm_contact_id: value(3),
      phone: value(2).map((text) => `+3519100000${text.slice(1).padStart(2, "0")}`),
      device_id: value(2),
    },
    { requiredKeys: [] },
  )
  .filter((ids) => Object.keys(ids).length > 0)
  .chain((ids) =>
    fc.record({
      ids: fc.constant(ids as Record<string, string>),
      at: fc.integer({ min: 10, max: 40 }).map((s) => `2026-01-01T00:00:${s}.000Z`),
      source: fc.constantFrom("web", "crm", "app"),
      traits: fc.dictionary(fc.constantFrom("plan", "city"), fc.oneof(value(3), fc.constant(null))),
    }),
  );

const aliases: fc.Arbitrary<Saying> = fc
  .record({ user: value(4), previous: value(4), second: fc.integer({ min: 10, max: 40 }) })
  .filter(({ user, previous }) => user !== previous)
  .map(({ user, previous, second }) => ({
    type: "ALIAS",
    ids: { user_id: user },
    previousId: previous,
    at: `2026-01-01T00:00:${second}.000Z`,
  }));

const story = fc.array(
  fc.oneof({ weight: 12, arbitrary: saying }, { weight: 1, arbitrary: aliases }),
  {
    minLength: 1,
    maxLength: 14,
  },
);

function observations(sayings: readonly Saying[]): Observation[] {
  return sayings.map((each, place) =>
    observe(event({ ...each, messageId: `m${place}` }), place + 1, reader, index),
  );
}

/** The whole at once: what the incremental way must equal. */
function whole(all: readonly Observation[]): Partition {
  const identifiers = new Map<string, SeenIdentifier>();
  const evidence = new Map<string, Evidence>();
  for (const observation of all) {
    for (const identifier of observation.identifiers) {
      const firstSeenAt = identifiers.get(identifier.key)?.firstSeenAt ?? observation.at;
      const isEarlier = observation.at < firstSeenAt;
      identifiers.set(identifier.key, {
        ...identifier,
        firstSeenAt: isEarlier ? observation.at : firstSeenAt,
      });
    }
    for (const tie of observation.ties) {
      const known = evidence.get(evidenceKey(tie));
      evidence.set(evidenceKey(tie), known ? combineEvidence(known, tie) : tie);
    }
  }
  const graph = { identifiers: [...identifiers.values()], evidence: [...evidence.values()] };
  const generic = genericKeys(graph.identifiers, graph.evidence, index);
  return partition({ ...graph, decisions: [], generic }, index);
}

function asSets(groups: readonly Pick<Group, "keys">[]): string[] {
  return groups.map(({ keys }) => [...keys].sort().join(" ")).sort();
}

function inBatches(all: readonly Observation[], sizes: readonly number[]): MemoryGraph {
  const graph = new MemoryGraph(index);
  let place = 0;
  for (let turn = 0; place < all.length; turn += 1) {
    const size = sizes[turn % sizes.length]!;
    graph.resolve(all.slice(place, place + size));
    place += size;
  }
  return graph;
}

const batchSizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
const runs = { numRuns: 1_000 };

describe("the incremental way", () => {
  test("given any story in any batches, when it is resolved step by step, then the partition is that of the whole", () => {
    fc.assert(
      fc.property(story, batchSizes, (sayings, sizes) => {
        const all = observations(sayings);
        expect(asSets(inBatches(all, sizes).groups())).toEqual(asSets(whole(all).groups));
      }),
      runs,
    );
  });

  test("given any story, when it arrives in another order, then persons and traits are the same", () => {
    fc.assert(
      fc.property(
        story.chain((sayings) =>
          fc.tuple(
            fc.constant(sayings),
            fc.shuffledSubarray(
              sayings.map((_, place) => place),
              { minLength: sayings.length },
            ),
          ),
        ),
        batchSizes,
        ([sayings, order], sizes) => {
          const all = sayings.map((each, place) => event({ ...each, messageId: `m${place}` }));
          const read = (places: readonly number[]) =>
            places.map((place, position) => observe(all[place]!, position + 1, reader, index));
          const one = inBatches(read(all.map((_, place) => place)), sizes);
          const other = inBatches(read(order), sizes);
          expect(other.view()).toEqual(one.view());
        },
      ),
      runs,
    );
  });

  test("given a resolved story, when any part of it is replayed, then nothing changes", () => {
    fc.assert(
      fc.property(story, batchSizes, fc.nat(), fc.nat(), (sayings, sizes, from, length) => {
        const all = observations(sayings);
        const graph = inBatches(all, sizes);
        const before = graph.rows();
        const start = from % all.length;
        graph.resolve(all.slice(start, start + 1 + (length % all.length)));
        expect(graph.rows()).toEqual(before);
      }),
      runs,
    );
  });

  test("given any story, when it is resolved, then the summaries of persons are those of their groups", () => {
    fc.assert(
      fc.property(story, batchSizes, (sayings, sizes) => {
        const all = observations(sayings);
        const graph = inBatches(all, sizes);
        const expected = new Map(whole(all).groups.map((group) => [group.keys.join(" "), group]));
        for (const { keys, ...person } of graph.persons()) {
          const { size, known, tally, conflicted, lastRank } = expected.get(keys.join(" "))!;
          expect(person).toMatchObject({ size, known, tally });
          // Both may only err to the safe side: a recomputation more, never one too few.
          expect(person.conflicted || !conflicted).toBe(true);
          expect(person.lastRank >= lastRank).toBe(true);
        }
      }),
      runs,
    );
  });
});
