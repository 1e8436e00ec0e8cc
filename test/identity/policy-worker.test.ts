import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../kernel/database/database.ts";
import { migrate } from "../../kernel/database/migrate.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { proposePolicy } from "../../subgraphs/identity/domain/policy-proposal.ts";
import { GroupRepair } from "../../subgraphs/identity/service/group-repair.ts";
import { FollowedPolicy } from "../../subgraphs/identity/service/policy-in-force.ts";
import { PolicyWorker } from "../../subgraphs/identity/service/policy-worker.ts";
import { EventResolver } from "../../subgraphs/identity/service/resolve-events.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import { Policies } from "../../subgraphs/identity/store/policies.ts";
import { policyBody } from "../../subgraphs/identity/store/policy-body.ts";
import { PolicyRuns } from "../../subgraphs/identity/store/policy-runs.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import { event } from "./identity-world.ts";

const logger = createLogger("silent");
const couples = 150;
let database: Database;
let streams: Streams;
beforeAll(async () => {
  database = await openTestDatabase();
  streams = await Streams.open(database, logger, systemClock);
  await migrate(database, "identity", identityMigrations);
}, 120_000);
afterAll(async () => {
  await streams?.stop();
  await database?.close();
});

/** A process of the identity subgraph, as far as policies go. */
function openProcess() {
  const policy = new FollowedPolicy();
  const store = new PostgresIdentityStore({
    ...{ database, streams, clock: systemClock, logger },
    follower: policy,
  });
  const runs = new PolicyRuns(database);
  const readBody = (version: number) => policyBody(database, version);
  const repair = new GroupRepair({ store, policy, clock: systemClock, broken: () => undefined });
  const parts = { store, runs, policy, readBody, clock: systemClock, logger, repair };
  return { policy, store, runs, start: () => new PolicyWorker(parts) };
}

async function countPersons(): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    "select count(*) as count from identity.persons where merged_into is null",
  );
  return row!.count;
}

test("given an activation whose process died before it was in force and again amid its run, when another process starts, then it goes on where it was and everything is brought about once", async () => {
  const { store, policy, runs } = openProcess();
  const resolver = new EventResolver(policy, { dropped() {}, recomputed() {} });
  await store.write((graph) =>
    resolver.resolve(
      graph,
      Array.from({ length: 2 * couples }, (_, n) => ({
        position: n + 1,
        at: new Date(),
        key: `${n}`,
        kind: "ACCEPTED",
        payload: event({ ids: { crm_lead_id: `lead${n}`, email: `two${n >> 1}@x.org` } }),
      })),
    ),
  );
  expect(await countPersons()).toBe(couples);
  const policies = new Policies(database);
  const at = systemClock.now().toISOString();
  const document = { namespaces: [{ name: "crm_lead_id", exclusive: true }] };
  const { version } = await policies.propose(
    { owner: "key_owner", base: 1, reason: null, at },
    (next) => proposePolicy(defaultPolicy, document, next).policy!,
  );
  await policies.decide(version, "APPROVED", "key_other", at);
  const total = await store.scan.countIdentifiers();
  const begun = await runs.activate(version, { id: "run_1", actor: "a", reason: null, at, total });
  expect(begun!.run.state).toBe("RUNNING");
  expect(await store.policyStanding()).toEqual({ version: 1, activation: 0 });

  const second = openProcess();
  const amid = second.start();
  while ((await runs.latest())!.cursor === "") await new Promise((next) => setTimeout(next, 2));
  await amid.stop();
  expect(await store.policyStanding()).toEqual({ version, activation: 1 });
  const halfway = (await runs.latest())!;
  expect(halfway).toMatchObject({ state: "RUNNING" });
  expect(halfway.done).toBeLessThan(halfway.total);

  const third = openProcess().start();
  while (!(await third.isSettled())) await new Promise((next) => setTimeout(next, 5));
  await third.stop();
  expect(await runs.latest()).toMatchObject({ state: "DONE", done: total, total });
  expect(await countPersons()).toBe(2 * couples);
  expect((await runs.latest())!.splits).toBe(couples);
  const told = await streams.read(database, "identity", 0, 10_000);
  const splits = told.filter(
    ({ kind, payload }) => kind === "CHANGE" && (payload as { kind: string }).kind === "SPLIT",
  );
  expect(splits).toHaveLength(couples);
}, 120_000);
