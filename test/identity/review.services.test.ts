import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";
import { identityModule } from "../../subgraphs/identity/module.ts";
import type { Scope } from "../../kernel/security/scopes.ts";
import { event, unique } from "./identity-world.ts";
import { accept, neo4jUri, openEmptyGraph } from "./neo4j-world.ts";
import { Reviewer } from "./review-words.ts";

let platform: TestPlatform;
let reviewer: Reviewer;
beforeAll(async () => {
  await (await openEmptyGraph()).close();
  platform = await startTestPlatform([identityModule], { environment: { NEO4J_URI: neo4jUri() } });
  reviewer = new Reviewer({ ask });
});
afterAll(() => platform?.stop());

async function ask<T>(
  document: string,
  variables: object = {},
  scopes?: readonly Scope[],
): Promise<T> {
  const { data, errors } = await platform.ask<T>(
    "identity",
    document,
    variables as Record<string, unknown>,
    scopes,
  );
  expect(errors).toBeUndefined();
  return data!;
}

const personOf = async (namespace: string, value: string) =>
  (
    await ask<{ person: { id: string } }>("query ($by: PersonBy!) { person(by: $by) { id } }", {
      by: { identifier: { namespace, value } },
    })
  ).person.id;

async function conflict() {
  const [a, b, email] = [unique("003"), unique("003"), `${unique("e")}@x.org`];
  const says = (id: string, at: string) =>
    event({ at: `2026-01-0${at}T00:00:00.000Z`, ids: { crm_contact_id: id, email } });
  await accept(platform, [says(a, "1"), says(b, "2")]);
  await platform.settle();
  const first = await personOf("crm_contact_id", a);
  const { nodes } = await reviewer.queue({ person: first });
  return { a, b, email, first, item: nodes[0]!, nodes };
}

test("given the graph in Neo4j, when constraints refuse, a reviewer approves and the change is reverted, then the queue follows", async () => {
  const { b, first, item, nodes } = await conflict();
  expect(nodes).toHaveLength(1);
  const second = await personOf("crm_contact_id", b);
  expect(second).not.toBe(first);
  const { item: decided, change, problems } = await reviewer.say(item.id, "APPROVE");
  expect([decided!.state, change!.kind, problems]).toEqual(["DECIDED", "MERGE", []]);
  expect(await personOf("crm_contact_id", b)).toBe(first);
  await ask(
    "mutation ($input: RevertIdentityChangeInput!) { revertIdentityChange(input: $input) { problems { code } } }",
    { input: { change: change!.id } },
  );
  expect(await personOf("crm_contact_id", b)).toBe(second);
  const { nodes: open } = await reviewer.queue({ person: first });
  expect(open.map(({ id }) => id)).toEqual([item.id]);
});

test("given the graph in Neo4j, when a reviewer rejects, then new evidence against it comes back as a contradiction", async () => {
  const { a, b, first, item } = await conflict();
  const { item: decided, change, problems } = await reviewer.say(item.id, "REJECT");
  expect([decided!.verdict, change, problems]).toEqual(["REJECT", null, []]);
  const phone = "+351912345679";
  await accept(platform, [event({ ids: { crm_contact_id: a, phone } })]);
  await accept(platform, [
    event({ at: "2026-05-01T00:00:00.000Z", ids: { crm_contact_id: b, phone } }),
  ]);
  await platform.settle();
  const { nodes } = await reviewer.queue({ person: first });
  expect(nodes).toMatchObject([{ cause: "CONTRADICTION" }]);
  const answers = await Promise.all(
    ["APPROVE", "REJECT"].map((verdict) => reviewer.say(nodes[0]!.id, verdict)),
  );
  expect(answers.filter(({ problems: found }) => found.length === 0)).toHaveLength(1);
});
