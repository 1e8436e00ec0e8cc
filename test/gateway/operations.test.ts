import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { getIntrospectionQuery } from "graphql";
import { rootKey, startTestGateway, type TestGateway } from "./test-gateway.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
}, 60_000);
afterAll(() => gateway.stop());

async function keyWith(...scopes: string[]): Promise<string> {
  const made = await gateway.ask(
    `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret problems { code } } }`,
    { input: { name: "test", scopes } },
  );
  return made.data.createApiKey.secret;
}

describe("one operation over several subgraphs", () => {
  test("given a person in two subgraphs, when asked for fields of both, then one answer has them", async () => {
    const answer = await gateway.ask(
      "query($by: PersonBy!) { person(by: $by) { id name score friends { id score } } }",
      { by: { id: "p1" } },
    );
    expect(answer).toEqual({
      status: 200,
      data: {
        person: { id: "p1", name: "Ana", score: 2, friends: [{ id: "p1-friend", score: 9 }] },
      },
    });
  });

  test("given one entity fails, when asked, then its field is null, with an error without our words", async () => {
    const answer = await gateway.ask('{ person(by: { id: "unlucky" }) { id score } }');
    expect(answer.data).toEqual({ person: { id: "unlucky", score: null } });
    expect(answer.errors).toMatchObject([
      { message: "Something went wrong on our side.", path: ["person", "score"] },
    ]);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: "INTERNAL", retryable: false });
  });

  test("given a resolver that throws, when asked, then the reason stays with us", async () => {
    const answer = await gateway.ask('{ person(by: { id: "broken" }) { id } }');
    expect(JSON.stringify(answer)).not.toContain("4711");
    expect(answer.errors?.[0]?.extensions.reference).toMatch(/^ref_/);
  });

  test("given an answer that cannot be written down, when asked, then an error comes, and life goes on", async () => {
    const answer = await gateway.ask('{ person(by: { id: "p1" }) { unspeakable } }');
    expect(answer).toMatchObject({ status: 500, errors: [{ extensions: { code: "INTERNAL" } }] });
    expect((await gateway.ask("{ __typename }")).status).toBe(200);
  });

  test("given a promise that cannot be kept, when asked, then its code and words arrive", async () => {
    const answer = await gateway.ask('{ person(by: { id: "missing" }) { id } }');
    expect(answer.errors).toMatchObject([
      { message: "There is no such person.", path: ["person"], extensions: { code: "NOT_FOUND" } },
    ]);
  });

  test("given the full introspection query, when asked, then the public schema comes", async () => {
    const answer = await gateway.ask(
      getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }),
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.__schema.types.map(({ name }: { name: string }) => name)).toContain(
      "ApiKey",
    );
    expect(JSON.stringify(answer.data)).not.toContain("join__");
  });

  test("given a stream, when asked for its head, then it is the cursor of the newest change", async () => {
    const before = await gateway.ask("{ streamHead(stream: PROFILE) }");
    await gateway.change("p1");
    const after = await gateway.ask("{ streamHead(stream: PROFILE) }");
    expect(Number(after.data.streamHead)).toBeGreaterThan(Number(before.data.streamHead));
  });
});

describe("who may ask", () => {
  test.each(["", "Bearer ", "Bearer nobody", `Bearer ${"x".repeat(40)}`, `Basic ${rootKey}`])(
    "given authorization %j, when asked, then 401 and UNAUTHENTICATED",
    async (authorization) => {
      const response = await fetch(gateway.url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization },
        body: JSON.stringify({ query: "{ __typename }" }),
      });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: "UNAUTHENTICATED", retryable: false } }],
      });
    },
  );

  test("given a key without the scope, when asked, then FORBIDDEN names the scope", async () => {
    const key = await keyWith("events:read");
    const answer = await gateway.ask('{ person(by: { id: "p1" }) { id } }', {}, key);
    expect(answer.errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", scope: "profiles:read" } },
    ]);
    expect(answer.data).toBeNull();
  });

  test("given a scope that only a field of another subgraph needs, when asked without, then FORBIDDEN", async () => {
    const key = await keyWith("profiles:read");
    const allowed = await gateway.ask('{ person(by: { id: "p1" }) { name } }', {}, key);
    expect(allowed.data).toEqual({ person: { name: "A…" } });
    const answer = await gateway.ask('{ person(by: { id: "p1" }) { secretScore } }', {}, key);
    expect(answer.errors).toMatchObject([{ extensions: { code: "FORBIDDEN", scope: "pii:read" } }]);
  });

  test("given a document with two operations, when one is asked for, then only its scopes count", async () => {
    const response = await fetch(gateway.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await keyWith("profiles:read")}`,
      },
      body: JSON.stringify({
        query:
          'query Mine { person(by: { id: "p1" }) { id } } query Other { apiKeys { nodes { id } } }',
        operationName: "Mine",
      }),
    });
    expect(await response.json()).toEqual({ data: { person: { id: "p1" } } });
  });

  test("given an unknown scope, when a key is made, then a problem says which", async () => {
    const answer = await gateway.ask(
      'mutation { createApiKey(input: { name: "x", scopes: ["profiles:read", "nope"] }) { apiKey { id } secret problems { code path } } }',
    );
    expect(answer.data.createApiKey).toEqual({
      apiKey: null,
      secret: null,
      problems: [{ code: "UNKNOWN_SCOPE", path: ["scopes", "1"] }],
    });
  });

  test("given a key that makes keys, when it gives a scope it lacks, then a problem", async () => {
    const key = await keyWith("keys:write");
    const answer = await gateway.ask(
      'mutation { createApiKey(input: { name: "x", scopes: ["privacy:write"] }) { secret problems { code } } }',
      {},
      key,
    );
    expect(answer.data.createApiKey).toEqual({
      secret: null,
      problems: [{ code: "SCOPE_NOT_HELD" }],
    });
  });

  test("given a revoked key, when it asks, then 401; and its revocation stands in the list", async () => {
    const key = await keyWith("profiles:read");
    const list = await gateway.ask(
      "{ apiKeys(first: 1) { nodes { id prefix scopes revokedAt } } }",
    );
    const [made] = list.data.apiKeys.nodes;
    expect(made).toMatchObject({ prefix: key.slice(0, 10), revokedAt: null });
    const revoked = await gateway.ask(
      "mutation($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id revokedAt } problems { code } } }",
      { input: { id: made.id } },
    );
    expect(revoked.data.revokeApiKey.apiKey.revokedAt).toMatch(/^20/);
    expect((await gateway.ask("{ __typename }", {}, key)).status).toBe(401);
  });

  test("given no such key, when revoked, then a problem", async () => {
    const answer = await gateway.ask(
      'mutation { revokeApiKey(input: { id: "key_none" }) { apiKey { id } problems { code path } } }',
    );
    expect(answer.data.revokeApiKey).toEqual({
      apiKey: null,
      problems: [{ code: "NOT_FOUND", path: ["id"] }],
    });
  });
});
