import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
}, 60_000);
afterAll(() => gateway.stop());

const ana = 'person(by: { id: "p1" })';

describe("what is asked for in pieces", () => {
  test.each([
    ["a list twice", "friends { id } friends { name }"],
    ["a list in a fragment of its own", "friends { id } ... { friends { name } }"],
    ["a list in a named fragment", "...f ... on Person { friends { name } }"],
    ["the same twice", "friends { id name } friends { id name }"],
  ])("given %s, when asked, then each entry is there once, whole", async (_, pieces) => {
    const used = pieces.includes("...f") ? "fragment f on Person { friends { id } }" : "";
    const answer = await gateway.ask(`{ ${ana} { ${pieces} } } ${used}`);
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({ person: { friends: [{ id: "p1-friend", name: "friend" }] } });
  });

  test("given a list of texts asked for twice, when asked again and again, then it stays as long", async () => {
    const query = "{ apiKeys(first: 1) { nodes { scopes scopes } nodes { scopes } } }";
    const first = await gateway.ask(query);
    const { scopes } = first.data.apiKeys.nodes[0];
    expect(scopes).toEqual([...new Set(scopes)]);
    expect(await gateway.ask(query)).toEqual(first);
  });

  test("given two aliases of one field, when asked, then both are there, in the order asked for", async () => {
    const { data } = await gateway.ask(`{ b: ${ana} { id } a: ${ana} { y: name x: name } }`);
    expect(JSON.stringify(data)).toBe('{"b":{"id":"p1"},"a":{"y":"Ana","x":"Ana"}}');
  });
});

describe("what is skipped", () => {
  const hides = "query($hides: Boolean!)";
  test.each([
    ["all of it", `query { ${ana} @skip(if: true) { id } }`, {}],
    ["all of it, by a variable", `${hides} { ${ana} @skip(if: $hides) { id } }`, {}],
    ["all of it, by a default", `query($b: Boolean = true) { ${ana} @skip(if: $b) { id } }`, {}],
    ["a fragment around it", `${hides} { ... @skip(if: $hides) { ${ana} { id } } }`, {}],
    [
      "one of two",
      `${hides} { ${ana} { id @skip(if: $hides) name } }`,
      { person: { name: "Ana" } },
    ],
    ["all that is asked of it", `{ ${ana} { id @include(if: false) } }`, { person: {} }],
    ["one of two pieces", `{ ${ana} { ... @skip(if: true) { id } id } }`, { person: { id: "p1" } }],
  ])("given %s, when asked, then the rest comes", async (_, query, data) => {
    expect(await gateway.ask(query, { hides: true })).toEqual({ status: 200, data });
  });

  test("given one document, when asked with one condition and then the other, then each gets its own", async () => {
    const query = `query($who: Boolean!) { ${ana} { id name @include(if: $who) } }`;
    expect((await gateway.ask(query, { who: true })).data.person).toEqual({
      id: "p1",
      name: "Ana",
    });
    expect((await gateway.ask(query, { who: false })).data.person).toEqual({ id: "p1" });
  });
});

describe("the schema, asked for beside people", () => {
  test("given both in one query, when asked, then both come, in the order asked for", async () => {
    const { data, errors } = await gateway.ask(
      `query($t: String!) { __typename __type(name: $t) { name } ${ana} { id } ...s }
       fragment s on Query { __schema { queryType { name } } }`,
      { t: "Person" },
    );
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toBe(
      '{"__typename":"Query","__type":{"name":"Person"},"person":{"id":"p1"},"__schema":{"queryType":{"name":"Query"}}}',
    );
  });
});
