import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import {
  combineEvidence,
  type Evidence,
  evidenceKey,
} from "../../subgraphs/identity/domain/evidence.ts";
import { genericKeys } from "../../subgraphs/identity/domain/generic-values.ts";
import { indexPolicy, type PolicyIndex } from "../../subgraphs/identity/domain/identity-policy.ts";
import { IdentifierReader } from "../../subgraphs/identity/domain/normalise-identifier.ts";
import { observe, type Observation } from "../../subgraphs/identity/domain/observation.ts";
import { partition } from "../../subgraphs/identity/domain/partition.ts";
import type { SeenIdentifier } from "../../subgraphs/identity/domain/person-state.ts";
import { proposePolicy } from "../../subgraphs/identity/domain/policy-proposal.ts";
import { event, IdentityWorld, type Saying, unique } from "./identity-world.ts";
import { PolicyWords } from "./policy-words.ts";

let world: IdentityWorld;
let policies: PolicyWords;
beforeAll(async () => {
  world = await IdentityWorld.start();
  policies = new PolicyWords(world);
}, 120_000);
afterAll(() => world?.stop());

const value = (most: number) => fc.integer({ min: 1, max: most }).map((n) => `v${n}`);

const saying: fc.Arbitrary<Saying> = fc
  .record(
    {
      user_id: value(4),
      anonymous_id: value(4),
      email: value(3).map((text) => `${text}@x.org`),
      crm_lead_id: value(4),
      phone: value(2).map((text) => `+3519100000${text.slice(1).padStart(2, "0")}`),
      device_id: value(2),
    },
    { requiredKeys: [] },
  )
  .filter((ids) => Object.keys(ids).length > 1)
  .chain((ids) =>
    fc.record({
      ids: fc.constant(ids as Record<string, string>),
      at: fc.integer({ min: 10, max: 40 }).map((s) => `2026-01-01T00:00:${s}.000Z`),
    }),
  );

/** Changes of every kind that a policy may make to what there is. */
const change = fc.constantFrom(
  { genericAbove: 2 },
  { genericAbove: 4 },
  { highFrom: 0.985 },
  { highFrom: 0.95, namespaces: [{ name: "phone", confidence: 0.91 }] },
  { namespaces: [{ name: "email", limit: 1 }] },
  { namespaces: [{ name: "email", exclusive: true }] },
  { namespaces: [{ name: "user_id", exclusive: false, limit: 3 }] },
  { namespaces: [{ name: "crm_lead_id", limit: 1 }] },
  { namespaces: [{ name: "phone", confidence: 0.5 }] },
  { namespaces: [{ name: "email", blockedValues: ["*v1@x.org"] }] },
  { blockedValues: ["*v2*"] },
  { namespaces: [{ name: "anonymous_id", limit: 1 }] },
  { namespaces: [{ name: "anonymous_id", limit: 1, limitWithin: "PT9S" }] },
  { namespaces: [{ name: "crm_lead_id", limit: 1, limitWithin: "PT9S" }] },
  { genericAbove: 3, namespaces: [{ name: "device_id", confidence: 0.2 }] },
);

/** Values of this run only: all runs share one graph. */
function own({ ids, ...rest }: Saying, prefix: string, run: number): Saying {
  const named = Object.entries(ids as Record<string, string>).map(([name, text]) => {
    const phone = `+35191${String(run).padStart(5, "0")}${text.slice(-2)}`;
    return [name, name === "phone" ? phone : `${prefix}${text}`];
  });
  return { ...rest, ids: Object.fromEntries(named) as Record<string, string> };
}

/** What a fresh replay of all evidence under the policy makes. */
function replayed(observations: readonly Observation[], index: PolicyIndex): string[] {
  const reader = new IdentifierReader(index.policy);
  const identifiers = new Map<string, SeenIdentifier>();
  const evidence = new Map<string, Evidence>();
  for (const { at, identifiers: own, ties } of observations) {
    for (const each of own) {
      const before = identifiers.get(each.key)?.firstSeenAt ?? at;
      identifiers.set(each.key, { ...each, firstSeenAt: at < before ? at : before });
    }
    for (const tie of ties) {
      const known = evidence.get(evidenceKey(tie));
      const sure = (key: string) =>
        index.namespaces.get(key.slice(0, key.indexOf(":")))!.confidence;
      const both = known ? combineEvidence(known, tie) : tie;
      const confidence = Math.min(sure(tie.low), sure(tie.high));
      evidence.set(evidenceKey(tie), { ...both, confidence });
    }
  }
  const [all, ties] = [[...identifiers.values()], [...evidence.values()]];
  const generic = genericKeys(all, ties, index);
  for (const each of all) if (!reader.isIdentifying(each)) generic.add(each.key);
  const graph = { identifiers: all, evidence: ties, decisions: [], generic };
  return partition(graph, index)
    .groups.map(({ keys }) => [...keys].sort().join(" "))
    .sort();
}

async function groupsOf(keys: readonly string[]): Promise<string[]> {
  const rows = await world.platform.database.query<{ key: string; person_id: string }>(
    "select key, person_id from identity.identifiers where key = any($1::text[])",
    [keys],
  );
  const groups = Map.groupBy(rows, (row) => row.person_id);
  return [...groups.values()]
    .map((own) =>
      own
        .map(({ key }) => key)
        .sort()
        .join(" "),
    )
    .sort();
}

test("given any story, when a policy is put in force amid it, then persons are those of a fresh replay of all evidence under it, and the old policy gives them back", async () => {
  let run = 0;
  const story = fc.array(saying, { minLength: 2, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(story, story, change, async (earlier, later, document) => {
      run += 1;
      const prefix = `${unique("p")}.`;
      const told = (sayings: readonly Saying[]) => sayings.map((each) => own(each, prefix, run));
      const first = told(earlier);
      const second = told(later);
      await world.accept(...first);
      const { policy } = proposePolicy(defaultPolicy, document, 0);
      const { policy: made } = await policies.propose(document, 1);
      await policies.approve(made!.version);
      await policies.activate(made!.version);
      await world.accept(...second);
      const index = indexPolicy(policy!);
      const old = indexPolicy(defaultPolicy);
      const read = (sayings: readonly Saying[], by: PolicyIndex) =>
        sayings.map((each, place) =>
          observe(event(each) as AcceptedEvent, place + 1, new IdentifierReader(by.policy), by),
        );
      const observations = [...read(first, old), ...read(second, index)];
      const keys = [
        ...new Set(observations.flatMap((each) => each.identifiers.map(({ key }) => key))),
      ];
      expect(await groupsOf(keys)).toEqual(replayed(observations, index));
      await policies.bringAbout(1);
      expect(await groupsOf(keys)).toEqual(replayed(observations, old));
    }),
    { numRuns: 12 },
  );
}, 240_000);
