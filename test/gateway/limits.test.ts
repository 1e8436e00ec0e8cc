import { Agent, request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildSchema, getOperationAST, parse } from "graphql";
import { defaultQueryLimits } from "../../gateway/limits/query-limits.ts";
import { queryCost } from "../../gateway/limits/query-cost.ts";
import { checkQueryShape } from "../../gateway/limits/query-shape.ts";
import { rootKey, startTestGateway, type TestGateway } from "./test-gateway.ts";

const schema = buildSchema(`
  type Query { person: Person people(first: Int = 20): People sample(sample: Int): [Person!]! }
  type People { nodes: [Person!]! totalCount: Int }
  type Person { id: ID! name: String friends: [Person!]! people(first: Int): People }
`);

function cost(text: string, variables: Record<string, unknown> = {}): number {
  const document = parse(text);
  return queryCost(schema, document, getOperationAST(document)!, variables);
}

describe("the cost of an operation", () => {
  test.each([
    ["{ __typename }", {}, 0],
    ["{ person { id name } }", {}, 1],
    ["{ person { friends { id } } }", {}, 11],
    ["{ people { nodes { id } } }", {}, 21],
    ["{ people(first: 50) { nodes { id } } }", {}, 51],
    ["query($n: Int) { people(first: $n) { nodes { id } } }", { n: 7 }, 8],
    ["query($n: Int) { people(first: $n) { nodes { id } } }", {}, 21],
    ["{ people(first: 100) { totalCount } }", {}, 1],
    ["{ people(first: 10) { nodes { people(first: 10) { nodes { id } } } } }", {}, 121],
    ["{ sample(sample: 5) { id } }", {}, 5],
    ["{ person { ...f } } fragment f on Person { friends { id } }", {}, 11],
    ["{ a: person { id } b: person { ... on Person { id } } }", {}, 2],
  ])("given %s with %j, then it is %d", (text, variables, expected) => {
    expect(cost(text, variables)).toBe(expected);
  });
});

describe("the shape of an operation", () => {
  const nested = (depth: number) => `${"{ a ".repeat(depth)}${"}".repeat(depth)}`;
  const shape = (text: string) => () => {
    const document = parse(text);
    checkQueryShape(document, getOperationAST(document)!, defaultQueryLimits);
  };

  test.each([
    ["is too deep", nested(15)],
    ["has too many aliases", `{ ${Array.from({ length: 101 }, (_, i) => `a${i}: a`).join(" ")} }`],
    ["has too many directives", `{ a ${"@include(if: true) ".repeat(51)} }`],
    ["spreads itself", "{ ...f } fragment f on Query { ...f ...f }"],
    [
      "doubles with each fragment",
      `{ ...f0 } ${Array.from({ length: 25 }, (_, i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`).join(" ")} fragment f25 on Query { a }`,
    ],
  ])("given one that %s, then it is refused", (_, text) => {
    expect(shape(text)).toThrow(expect.objectContaining({ code: "QUERY_TOO_EXPENSIVE" }));
  });

  test("given one at the limit, then it passes", () => {
    expect(shape(nested(14))).not.toThrow();
  });
});

describe("a hostile request", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ CORS_ORIGINS: "https://crm.example" });
  }, 60_000);
  afterAll(() => gateway.stop());

  const headers = { authorization: `Bearer ${rootKey}`, "content-type": "application/json" };
  const post = (body: string, more: Record<string, string> = {}) =>
    fetch(gateway.url, { method: "POST", headers: { ...headers, ...more }, body });

  test.each([
    ["no JSON", "{", 400, "BAD_INPUT"],
    ["a list of operations", '[{"query":"{ __typename }"}]', 400, "BAD_INPUT"],
    ["no query", "{}", 400, "BAD_INPUT"],
    [
      "variables that are no object",
      '{"query":"{ __typename }","variables":[1]}',
      400,
      "BAD_INPUT",
    ],
    ["a syntax error", '{"query":"{"}', 400, "BAD_INPUT"],
    ["an unknown field", '{"query":"{ nothing }"}', 400, "BAD_INPUT"],
    [
      "an operation that is not there",
      '{"query":"{ __typename }","operationName":"X"}',
      400,
      "BAD_INPUT",
    ],
    [
      "a missing variable",
      '{"query":"query($by: PersonBy!) { person(by: $by) { id } }"}',
      400,
      "BAD_INPUT",
    ],
    [
      "both of a @oneOf",
      '{"query":"query($by: PersonBy!) { person(by: $by) { id } }","variables":{"by":{"id":"1","email":"x"}}}',
      400,
      "BAD_INPUT",
    ],
    [
      "a subscription without a stream",
      '{"query":"subscription { profileChanged { cursor } }"}',
      400,
      "BAD_INPUT",
    ],
    [
      "too many tokens",
      JSON.stringify({ query: `{ ${"__typename ".repeat(5_000)} }` }),
      400,
      "QUERY_TOO_EXPENSIVE",
    ],
    [
      "too much to fetch",
      JSON.stringify({
        query: "{ persons(first: 500) { friends { friends { friends { id } } } } }",
      }),
      400,
      "QUERY_TOO_EXPENSIVE",
    ],
    [
      "too much to fetch, by the default of a variable",
      JSON.stringify({
        query:
          "query($n: Int = 500) { persons(first: $n) { friends { friends { friends { id } } } } }",
      }),
      400,
      "QUERY_TOO_EXPENSIVE",
    ],
    [
      "a subscription that asks for nothing",
      JSON.stringify({ query: "subscription { profileChanged @skip(if: true) { cursor } }" }),
      400,
      "BAD_INPUT",
    ],
    [
      "a page of a billion",
      JSON.stringify({ query: "{ persons(first: 1000000000) { id } }" }),
      400,
      "QUERY_TOO_EXPENSIVE",
    ],
    [
      "a body of megabytes",
      JSON.stringify({ query: `#${"x".repeat(2_000_001)}` }),
      400,
      "BAD_INPUT",
    ],
  ])("given %s, when posted, then it is refused", async (_, body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      errors: [
        { extensions: { code, retryable: false, reference: expect.stringMatching(/^ref_/) } },
      ],
    });
  });

  test("given variables with thousands of mistakes, when posted, then some are told, soon", async () => {
    const query = "mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }";
    const scopes = Array.from({ length: 50_000 }, () => ({}));
    const { errors } = (await (
      await post(JSON.stringify({ query, variables: { input: { name: "k", scopes } } }))
    ).json()) as {
      errors: unknown[];
    };
    expect(errors.length).toBeLessThanOrEqual(21);
  });

  test("given a thousand operations under way, when more come, refused ones too, then 503 to all of them", async () => {
    const agent = new Agent({ maxSockets: 2_000 });
    const held = Array.from({ length: 1_000 }, () => {
      const asking = request(gateway.url, { method: "POST", agent, headers });
      asking.on("error", () => undefined).write("{");
      return asking;
    });
    const status = async () => (await post('{"query":"{ __typename }"}')).status;
    while ((await status()) !== 503) await new Promise(setImmediate);
    for (let more = 0; more < 20; more += 1) {
      await post("", { "content-type": "text/plain" });
      expect(await status()).toBe(503);
    }
    for (const asking of held) asking.destroy();
    while ((await status()) !== 200) await new Promise(setImmediate);
  }, 60_000);

  test("given a form of another site, when posted, then it is refused before anything runs (CSRF)", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const response = await post('{"query":"{ __typename }"}', { "content-type": type });
      expect(response.status).toBe(400);
    }
    const get = await fetch(`${gateway.url}?query={__typename}`, { headers });
    expect(get.status).toBe(400);
  });

  test("given an origin on the list, when asked by its pages, then the browser may read it; others not", async () => {
    const allow = async (origin: string) => {
      const preflight = await fetch(gateway.url, { method: "OPTIONS", headers: { origin } });
      expect(preflight.status).toBe(204);
      return preflight.headers.get("access-control-allow-origin");
    };
    expect(await allow("https://crm.example")).toBe("https://crm.example");
    expect(await allow(`http://${gateway.address}`)).toBe(`http://${gateway.address}`);
    expect(await allow("https://evil.example")).toBeNull();
  });

  test("given a page of another site, when it opens a socket, then it is refused", async () => {
    const status = await new Promise((resolve) => {
      const [hostname, port] = gateway.address.split(":");
      const upgrade = {
        connection: "upgrade",
        upgrade: "websocket",
        origin: "https://evil.example",
      };
      request({ hostname, port, path: "/graphql", headers: upgrade })
        .on("response", (response) => resolve(response.statusCode))
        .end();
    });
    expect(status).toBe(403);
  });

  test("given machines, when they ask, then health, readiness and metrics are told without a key", async () => {
    const get = (path: string) => fetch(`http://${gateway.address}${path}`);
    expect(await (await get("/health")).json()).toEqual({ status: "ok" });
    expect(await (await get("/ready")).json()).toMatchObject({ status: "ready" });
    expect(await (await get("/metrics")).text()).toContain("selfsame_gateway_operations_total");
    expect((await get("/nothing")).status).toBe(404);
  });
});
