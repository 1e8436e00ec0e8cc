import { createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openNeo4jDatabase } from "../../kernel/graph/neo4j-database.ts";
import { noChanges } from "../../subgraphs/identity/store/graph-rows.ts";
import type { Neo4jIdentityStore } from "../../subgraphs/identity/store/neo4j-identity-store.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { event, unique } from "./identity-world.ts";
import {
  accept,
  type Engines,
  logger,
  neo4jUri,
  openEngines,
  openGraph,
  openStoreOn,
  settled,
} from "./neo4j-world.ts";
import { identifier, person } from "./store-rows.ts";
import { UnsteadyProxy } from "./unsteady-proxy.ts";

let engines: Engines;
let proxy: UnsteadyProxy;
let store: Neo4jIdentityStore;

beforeAll(async () => {
  engines = await openEngines();
  proxy = await UnsteadyProxy.open(neo4jUri());
  store = await openStoreOn({ ...engines, graph: await openGraph(proxy.uri) });
});

afterAll(async () => {
  await store?.close();
  await proxy?.close();
  await engines?.graph.close();
  await engines?.streams.stop();
  await engines?.database.close();
});

const announced = async (after: number) =>
  (await engines.streams.read(engines.database, "identity", after, 100)).map(({ key }) => key);

test("given the answer to a commit was lost, when the unit of work is tried again, then it has happened once", async () => {
  const before = await engines.streams.head("identity");
  const key = unique("user_id:u");
  let runs = 0;
  proxy.commitAnswersToLose = 1;
  const result = await store.write(async (graph) => {
    runs += 1;
    const ana = person();
    const one = identifier("user_id", ana.id, { value: key.slice("user_id:".length) });
    await graph.save({ ...noChanges, identifiers: [one], persons: [ana] });
    await graph.announce([{ key, kind: "CHANGE", payload: {} }]);
    return ana.id;
  });
  expect(runs).toBe(1);
  expect((await store.reader.personIdsOf([key])).get(key)).toBe(result);
  expect(await announced(before)).toEqual([key]);
});

test("given answers to commits are lost while events are taken in, when all is settled, then each was told once", async () => {
  const before = await engines.streams.head("identity");
  const consumer = store.consumeEvents(async (graph, entries) => {
    await graph.announce(entries.map(({ key }) => ({ key, kind: "CHANGE", payload: {} })));
  });
  const events = Array.from({ length: 5 }, () => event({ ids: { user_id: unique("u") } }));
  for (const each of events) {
    proxy.commitAnswersToLose = 1;
    await accept(engines, [each]);
    await settled(store);
  }
  expect(await announced(before)).toEqual(events.map((each) => `${each.source}/${each.messageId}`));

  proxy.cut();
  await expect(store.ready()).rejects.toMatchObject({ code: "UNAVAILABLE", retryable: true });
  const late = event({ ids: { user_id: unique("u") } });
  await accept(engines, [late]);
  await expect(store.reader.personIdsOf(["user_id:x"])).rejects.toMatchObject({
    code: "UNAVAILABLE",
  });
  proxy.mend();
  await settled(store);
  expect((await announced(before)).at(-1)).toBe(`${late.source}/${late.messageId}`);
  await consumer.stop();
}, 90_000);

test("given nobody listens, when the graph is opened, then the error names host and reason, not the password", async () => {
  const opening = openNeo4jDatabase({
    uri: "bolt://127.0.0.1:9",
    username: "neo4j",
    password: "hush",
  });
  const error = (await opening.catch((reason: unknown) => reason)) as Error;
  expect(error).toMatchObject({ code: "UNAVAILABLE", retryable: true });
  expect(error.message).toContain("Neo4j at 127.0.0.1:9 cannot be used: ECONNREFUSED");
  expect(error.message).not.toContain("hush");
});

test("given somebody listens who never answers, when the graph is opened, then that is told within seconds", async () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", () => resolve()));
  const { port } = silent.address() as { port: number };
  const startedAt = Date.now();
  const uri = `bolt://127.0.0.1:${port}`;
  const opening = openNeo4jDatabase({ uri, username: "neo4j", password: "" });
  const error = await opening.catch((reason: unknown) => reason);
  for (const socket of sockets) socket.destroy();
  silent.close();
  expect(error).toMatchObject({ code: "UNAVAILABLE", retryable: true });
  expect((error as Error).message).toMatch(/no answer in time/);
  expect(Date.now() - startedAt).toBeLessThan(15_000);
}, 20_000);

test("given a graph that was built from another database, when it is opened, then that is refused in words", async () => {
  const database = await openTestDatabase();
  const streams = await Streams.open(database, logger, systemClock);
  const graph = await openGraph();
  const opening = openStoreOn({ graph, database, streams });
  await expect(opening).rejects.toThrow(/belongs to another PostgreSQL database/);
  await graph.close();
  await streams.stop();
  await database.close();
});

test("given a graph of an earlier version, when it is opened, then that is refused in words, and nothing in it changes", async () => {
  const engines = await openEngines();
  const { graph, database, streams } = engines;
  await graph.write((tx) =>
    tx.run("CREATE (:SchemaMigration {id: 'identity/0001-identity-graph'})"),
  );
  await expect(openStoreOn(engines)).rejects.toThrow(/earlier version.*Empty the graph/);
  const left = await graph.read((tx) => tx.run("MATCH (n) RETURN labels(n) AS labels"));
  expect(left).toEqual([{ labels: ["SchemaMigration"] }]);
  await graph.write((tx) => tx.run("MATCH (n:SchemaMigration) DELETE n"));
  await graph.close();
  await streams.stop();
  await database.close();
});

test("given a Neo4j that is too old, when it is opened, then it is refused with what it is and what is needed", async () => {
  const older = await UnsteadyProxy.open(neo4jUri());
  older.majorVersion = 4;
  const opening = openGraph(older.uri);
  await opening.then(
    (graph) => graph.close(),
    () => undefined,
  );
  await older.close();
  await expect(opening).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: expect.stringMatching(
      /^Neo4j at 127\.0\.0\.1:\d+ cannot be used: it is 4\.\d+; 5\.26 or later is needed$/,
    ),
  });
});

test("given a statement that nobody waits for fails, when its transaction ends, then that fails for the same reason, and nothing is left of it", async () => {
  const graph = await openGraph();
  const mark = (await graph.read((tx) => tx.run("RETURN randomUUID() AS id")))[0]!.id;
  const left = () =>
    graph.read((tx) => tx.run("MATCH (n:TestMark {id: $mark}) RETURN n.id AS id", { mark }));
  const unread = graph.write(async (tx) => {
    tx.write("CREATE (:TestMark {id: $mark})", { mark });
    tx.write("RETURN 1 / 0");
    tx.write("CREATE (:TestMark {id: $mark})", { mark });
    return "done";
  });
  await expect(unread).rejects.toThrow(/by zero/);
  const reading = graph.write(async (tx) => {
    tx.write("CREATE (:TestMark {id: $mark})", { mark });
    tx.write("RETURN 1 / 0");
    return tx.run("MATCH (n:TestMark {id: $mark}) RETURN n.id AS id", { mark });
  });
  await expect(reading).rejects.toThrow(/by zero/);
  const thrown = graph.write(async (tx) => {
    tx.write("CREATE (:TestMark {id: $mark})", { mark });
    throw new Error("of its own");
  });
  await expect(thrown).rejects.toThrow(/of its own/);
  expect(await left()).toEqual([]);
  await graph.close();
});
