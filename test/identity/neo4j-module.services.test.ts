import "reflect-metadata";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openPostgresDatabase } from "../../kernel/database/postgres-database.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { identityModule } from "../../subgraphs/identity/module.ts";
import { startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";
import { event, unique } from "./identity-world.ts";
import { accept, neo4jUri, openEmptyGraph } from "./neo4j-world.ts";

let platform: TestPlatform;

beforeAll(async () => {
  await (await openEmptyGraph()).close();
  platform = await startTestPlatform([identityModule], { environment: { NEO4J_URI: neo4jUri() } });
});
afterAll(() => platform?.stop());

async function ask(document: string, variables: Record<string, unknown>) {
  const { data, errors } = await platform.ask<Record<string, unknown>>(
    "identity",
    document,
    variables,
  );
  expect(errors).toBeUndefined();
  return data!;
}

const personQuery = `query ($by: PersonBy!) {
  person(by: $by) { id identifiers { nodes { namespace value } } devices { nodes { confidence } } }
}`;

test("given Neo4j is configured, when a visitor logs in and persons are merged by hand, then the subgraph answers from the graph", async () => {
  const [anonymous, user, other] = [unique("a"), unique("u"), unique("u")];
  await accept(platform, [
    event({ type: "TRACK", name: "Seen", ids: { anonymous_id: anonymous } }),
    event({ ids: { user_id: user, anonymous_id: anonymous }, traits: { first_name: "Ana" } }),
    event({ ids: { user_id: other }, at: "2026-02-01T00:00:00.000Z" }),
  ]);
  await platform.settle();
  const personOf = async (value: string) =>
    (await ask(personQuery, { by: { identifier: { namespace: "user_id", value } } })).person as {
      id: string;
    };
  const ana = await personOf(user);
  expect(ana).toMatchObject({
    id: expect.stringMatching(/^person_/),
    identifiers: {
      nodes: [
        { namespace: "user_id", value: user },
        { namespace: "anonymous_id", value: anonymous },
      ],
    },
    devices: { nodes: [{ confidence: expect.any(Number) }] },
  });
  const input = { into: ana.id, from: [(await personOf(other)).id], reason: "One customer" };
  await ask(
    "mutation ($input: MergePersonsInput!) { mergePersons(input: $input) { problems { code } } }",
    { input },
  );
  expect((await personOf(other)).id).toBe(ana.id);
  await platform.running.subgraphs.get("identity")!.ready();
});

test("given PostgreSQL is away, when asked whether it serves, then not, although the graph answers", async () => {
  const [row] = await platform.database.query<{ name: string }>(
    "select current_database() as name",
  );
  const { ready } = platform.running.subgraphs.get("identity")!;
  const admin = await openPostgresDatabase(
    process.env["TEST_DATABASE_URL"]!,
    createLogger("silent"),
  );
  await admin.query(`alter database ${row!.name} with allow_connections false`);
  await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [
    row!.name,
  ]);
  await expect(ready()).rejects.toThrow();
  await admin.query(`alter database ${row!.name} with allow_connections true`);
  await admin.close();
  await ready();
});
