import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { wilsonInterval } from "../../subgraphs/identity/domain/wilson-interval.ts";
import { isSampled, sampledOneIn } from "../../subgraphs/identity/domain/review-sample.ts";
import { fixedPolicy } from "../../subgraphs/identity/service/policy-in-force.ts";
import { EventResolver } from "../../subgraphs/identity/service/resolve-events.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import type { Database } from "../../kernel/database/database.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import { event, type Saying, unique } from "./identity-world.ts";

let database: Database;
let store: PostgresIdentityStore;
let position = 0;
beforeAll(async () => {
  database = await openTestDatabase();
  const logger = createLogger("silent");
  const streams = await Streams.open(database, logger, systemClock);
  await migrate(database, "identity", identityMigrations);
  store = new PostgresIdentityStore({ database, streams, clock: systemClock, logger });
}, 120_000);
afterAll(() => database?.close());

/** Constraints, a namespace of the medium band and values that turn out generic, all in reach. */
const policy = { ...defaultPolicy, highFrom: 0.95, mediumFrom: 0.9, genericAbove: 3 };

const value = (most: number) => fc.integer({ min: 1, max: most }).map((n) => `v${n}`);
const ids = fc
  .record(
    {
      crm_contact_id: value(4),
      user_id: value(3),
      email: value(3),
      anonymous_id: value(3),
      device_id: value(3),
    },
    { requiredKeys: [] },
  )
  .filter((each) => Object.keys(each).length > 1);
const story = fc.array(
  fc.record({
    ids,
    source: fc.constantFrom("web", "app"),
    at: fc.integer({ min: 10, max: 40 }),
    cut: fc.boolean(),
  }),
  { minLength: 2, maxLength: 14 },
);
type Story = { ids: Record<string, string>; source: string; at: number; cut: boolean }[];

/** Tells a story to people of its own; gives the queue and what it ought to be. */
async function told(sayings: Story) {
  const own = unique("s");
  const meter = { dropped: () => undefined, recomputed: () => undefined };
  const resolver = new EventResolver(fixedPolicy(policy), meter);
  const entries = sayings.map((each) => {
    position += 1;
    const saying: Saying = {
      source: each.source,
      at: `2026-01-01T00:00:${each.at}.000Z`,
      ids: Object.fromEntries(Object.entries(each.ids).map(([name, v]) => [name, `${own}-${v}`])),
    };
    const payload = event(saying);
    return { position, at: new Date(), key: "", kind: "ACCEPTED", payload, cut: each.cut };
  });
  for (let from = 0; from < entries.length; ) {
    const cut = entries.findIndex((each, place) => place >= from && each.cut);
    const to = cut < 0 ? entries.length : cut + 1;
    await store.write((graph) => resolver.resolve(graph, entries.slice(from, to)));
    from = to;
  }
  const strip = (rows: { item: string }[]) =>
    rows.map(({ item }) => item.replaceAll(`${own}-`, "")).sort();
  const queue = await database.query<{ item: string }>(
    `select cause || ' ' || low_key || ' ' || high_key || ' ' || array_to_json(sources) as item
     from identity.review_items
     where state = 'OPEN' and low_key like '%' || $1 || '-%'`,
    [own],
  );
  const due = await database.query<{ item: string }>(
    `select distinct case when e.confidence >= $2 then 'CONSTRAINT' else 'MEDIUM_MATCH' end
       || ' ' || e.low_key || ' ' || e.high_key || ' ' || e.sources as item
     from identity.evidence e
     join identity.identifiers a on a.key = e.low_key
     join identity.identifiers b on b.key = e.high_key
     where e.low_key like '%' || $1 || '-%' and e.confidence >= $3
       and not a.generic and not b.generic and a.person_id <> b.person_id`,
    [own, policy.highFrom, policy.mediumFrom],
  );
  return { queue: strip(queue), due: strip(due) };
}

test("given any events, when they arrive in any order and any batches, then the queue holds exactly what ties two persons, and who says so", async () => {
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(
      story.chain((sayings) =>
        fc.tuple(fc.constant(sayings), fc.shuffledSubarray(sayings, { minLength: sayings.length })),
      ),
      async ([sayings, shuffled]) => {
        const one = await told(sayings as Story);
        const other = await told(shuffled as Story);
        expect(one.queue).toEqual(one.due);
        expect(other.queue).toEqual(one.queue);
        asked += one.queue.length;
      },
    ),
    { numRuns: 60, interruptAfterTimeLimit: 100_000 },
  );
  expect(asked).toBeGreaterThan(50);
}, 150_000);

test("given verdicts on a sample, when the share of false merges is told, then it is Wilson's interval", () => {
  // Newcombe (1998), Statistics in Medicine 17, table I, method 3.
  const published: [number, number, number, number][] = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ];
  for (const [hits, sampled, low, high] of published) {
    const estimate = wilsonInterval(hits, sampled)!;
    expect(estimate.low).toBeCloseTo(low, 4);
    expect(estimate.high).toBeCloseTo(high, 4);
    expect(estimate).toMatchObject({ share: hits / sampled, sampled });
  }
  expect(wilsonInterval(0, 0)).toBeNull();
});

test("given many matches, when some are drawn, then it is the share meant to be, and the same ones each time", () => {
  const pairs = Array.from({ length: 20_000 }, (_, n) => ({
    low: `record:crm/CONTACT/${n}`,
    high: `record:shop/CUSTOMER/${n}`,
  }));
  const drawn = pairs.filter(isSampled);
  expect(drawn.length / pairs.length).toBeGreaterThan(0.8 / sampledOneIn);
  expect(drawn.length / pairs.length).toBeLessThan(1.2 / sampledOneIn);
  expect(pairs.filter(isSampled)).toEqual(drawn);
});
