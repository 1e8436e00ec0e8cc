import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "graphql";
import { openEmbeddedDatabase } from "../../kernel/database/embedded-database.ts";
import type { Database } from "../../kernel/database/database.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { HttpSubgraphs } from "../../kernel/federation/http-subgraphs.ts";
import { SubgraphEndpoint } from "../../kernel/module/subgraph-endpoint.ts";
import type { Principal } from "../../kernel/security/principal.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { cursorOf } from "../../kernel/streams/cursor.ts";
import { HttpTransport } from "../../gateway/transport/http-transport.ts";
import { isResultStream, type ResultStream } from "../../gateway/transport/subgraph-transport.ts";
import { breakableLink } from "./breakable-link.ts";
import { peopleSubgraph } from "./test-subgraphs.ts";

const secret = "context-secret-of-the-tests-0123456789";
const principal: Principal = { id: "key_1", scopes: ["profiles:read"] };
const changes = parse(
  "subscription($after: Cursor) { profileChanged(after: $after) { cursor person { id name } } }",
);

let database: Database;
let streams: Streams;
let endpoint: SubgraphEndpoint;
let server: Server;
let link: Awaited<ReturnType<typeof breakableLink>>;
let transport: HttpTransport;

beforeAll(async () => {
  const logger = createLogger("silent");
  database = await openEmbeddedDatabase(null);
  streams = await Streams.open(database, logger, systemClock);
  endpoint = new SubgraphEndpoint(peopleSubgraph(streams), secret, logger);
  server = createServer((request, response) => void endpoint.handle(request, response));
  await endpoint.start(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  link = await breakableLink((server.address() as AddressInfo).port);
  transport = new HttpTransport("people", link.address, secret);
}, 60_000);

afterAll(async () => {
  await transport.close();
  link.close();
  await endpoint.stop();
  server.close();
  await streams.stop();
  await database.close();
});

function change(person: string) {
  return database.transaction((tx) =>
    streams.append(tx, "identity", [{ key: person, kind: "PROFILE", payload: {} }]),
  );
}

async function open(after: string): Promise<ResultStream> {
  const opened = await transport.subscribe({ document: changes, principal, variables: { after } });
  if (!isResultStream(opened)) throw new Error(JSON.stringify(opened));
  return opened;
}

async function personsOf(stream: ResultStream, count: number): Promise<string[]> {
  const persons: string[] = [];
  while (persons.length < count) {
    const { value } = await stream.next();
    persons.push((value.data.profileChanged as { person: { id: string } }).person.id);
  }
  return persons;
}

describe("a subgraph in another process", () => {
  test("given who asks, when a query is sent, then the subgraph knows it from the signed context", async () => {
    const document = parse('{ person(by: { id: "p1" }) { id name } }');
    const masked = await transport.execute({ document, principal });
    expect(masked).toEqual({ data: { person: { id: "p1", name: "A…" } } });
    const all: Principal = { id: "key_2", scopes: ["profiles:read", "pii:read"] };
    const clear = await transport.execute({ document, principal: all });
    expect(clear).toEqual({ data: { person: { id: "p1", name: "Ana" } } });
    const refused = await transport.execute({ document, principal: { id: "k", scopes: [] } });
    expect(refused.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
  });

  test("given another secret, when asked, then nothing is told", async () => {
    const stranger = new HttpTransport("people", link.address, "x".repeat(40));
    const document = parse('{ person(by: { id: "p1" }) { id } }');
    const answer = await stranger.execute({ document, principal });
    expect(answer.data?.["person"]).toBeUndefined();
    expect(answer.errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
    await expect(
      stranger.subscribe({ document: changes, principal, variables: { after: "0" } }),
    ).rejects.toMatchObject({ code: "SUBSCRIPTION_INTERRUPTED" });
    await stranger.close();
  });

  test("given variables too deep to be written, when asked, then it is the client's mistake", async () => {
    const document = parse("query($by: PersonBy!) { person(by: $by) { id } }");
    const by = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`) as object;
    await expect(
      transport.execute({ document, principal, variables: { by } }),
    ).rejects.toMatchObject({ code: "BAD_INPUT", retryable: false });
  });

  test.each([
    ['{ person(by: { id: "missing" }) { id } }', "NOT_FOUND", false],
    ["{ nothing }", "BAD_INPUT", false],
    ['{ person(by: { id: "broken" }) { id } }', "UNAVAILABLE", true],
  ])("given %s, when another part asks, then %s", async (document, code, retryable) => {
    const parts = new HttpSubgraphs({ people: link.address }, secret);
    await expect(parts.ask("people", document)).rejects.toMatchObject({ code, retryable });
  });

  test("given nobody listens, when asked, then UNAVAILABLE names the part", async () => {
    const nowhere = new HttpTransport("people", "http://127.0.0.1:1", secret);
    const document = parse('{ person(by: { id: "p1" }) { id } }');
    await expect(nowhere.execute({ document, principal })).rejects.toMatchObject({
      code: "UNAVAILABLE",
      retryable: true,
      details: { part: "people" },
    });
    await nowhere.close();
  });

  test("given changes, when subscribed after a cursor, then they come, and a bad cursor is told", async () => {
    const after = cursorOf("identity", await streams.head("identity"));
    for (const person of ["a", "b"]) await change(person);
    const stream = await open(after);
    expect(await personsOf(stream, 2)).toEqual(["a", "b"]);
    await stream.return();
    const bad = await open("nonsense");
    await expect(bad.next()).rejects.toMatchObject({ extensions: { code: "BAD_CURSOR" } });
  });

  test("given a reader that takes none, when thousands came, then they wait in the subgraph, and none is lost", async () => {
    const after = cursorOf("identity", await streams.head("identity"));
    const entries = Array.from({ length: 3_000 }, (_, index) => ({
      key: `many-${index}`.padEnd(2_000, "x"),
      kind: "PROFILE",
      payload: {},
    }));
    await database.transaction((tx) => streams.append(tx, "identity", entries));
    const stream = await open(after);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const persons = await personsOf(stream, entries.length);
    expect(persons).toEqual(entries.map(({ key }) => key));
    await stream.return();
  });

  test("given an open subscription, when the process dies, then an explicit error comes at once", async () => {
    const stream = await open(cursorOf("identity", await streams.head("identity")));
    const next = stream.next();
    next.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const since = performance.now();
    link.cut();
    await expect(next).rejects.toMatchObject({
      code: "SUBSCRIPTION_INTERRUPTED",
      retryable: true,
      details: { part: "people" },
    });
    expect(performance.now() - since).toBeLessThan(100);
  });

  test("given an open subscription, when the process freezes, then an explicit error comes in 2.5 s", async () => {
    const stream = await open(cursorOf("identity", await streams.head("identity")));
    const next = stream.next();
    next.catch(() => undefined);
    const since = performance.now();
    link.hold();
    await expect(next).rejects.toMatchObject({ code: "SUBSCRIPTION_INTERRUPTED" });
    expect(performance.now() - since).toBeGreaterThan(1_000);
    expect(performance.now() - since).toBeLessThan(2_800);
  });
});
