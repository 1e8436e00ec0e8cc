import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type ExecutionResult, parse, subscribe } from "graphql";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { allScopes } from "../../kernel/security/scopes.ts";
import { cursorOf } from "../../kernel/streams/cursor.ts";
import { IdentityWorld, unique } from "./identity-world.ts";

let world: IdentityWorld;
beforeAll(async () => {
  world = await IdentityWorld.start();
}, 120_000);
afterAll(() => world?.stop());

async function follow(document: string, variableValues: Record<string, unknown>) {
  const { schema } = world.platform.running.subgraphs.get("identity")!.schema;
  const contextValue = new RequestContext({ id: "key_test", scopes: allScopes });
  const result = await subscribe({
    schema,
    document: parse(document),
    variableValues,
    contextValue,
  });
  if (!(Symbol.asyncIterator in result)) throw result.errors![0];
  return result as AsyncGenerator<ExecutionResult<Record<string, Message>>>;
}

interface Message {
  cursor: string;
  kinds: string[];
  personId: string;
  changedTraits: string[];
  person: { id: string; traits: { name: string; value: unknown }[] };
  change: { id: string; kind: string; personIds: string[] };
}

// contract/live.graphql
const profileChanged = `subscription ProfileChanged($filter: ProfileChangeFilter, $after: Cursor) {
  profileChanged(filter: $filter, after: $after) {
    cursor occurredAt kinds personId changedTraits person { id traits { name value } } } }`;
const identityChanged = `subscription IdentityChanged($after: Cursor) {
  identityChanged(after: $after) { cursor occurredAt change { id kind personIds reason revertedBy { id } } } }`;

describe("following changes", () => {
  test("given a subscriber, when it reconnects with its last cursor, then it gets what came meanwhile, once", async () => {
    const user = unique("u");
    const after = cursorOf("identity", await world.head());
    await world.accept({ ids: { user_id: user }, traits: { plan: "free" } });
    const first = await follow(profileChanged, { after, filter: { traits: ["plan"] } });
    const created = (await first.next()).value!.data!.profileChanged as Message;
    await first.return(undefined);
    expect(created).toMatchObject({
      kinds: ["CREATED", "IDENTIFIERS", "TRAITS"],
      changedTraits: ["plan"],
    });
    await world.accept(
      { at: "2026-02-01T00:00:00.000Z", ids: { user_id: unique("u") }, traits: { city: "Faro" } },
      { at: "2026-02-01T00:00:00.000Z", ids: { user_id: user }, traits: { plan: "gold" } },
    );
    const second = await follow(profileChanged, {
      after: created.cursor,
      filter: { traits: ["plan"] },
    });
    const changed = (await second.next()).value!.data!.profileChanged as Message;
    await second.return(undefined);
    expect(changed).toMatchObject({
      kinds: ["TRAITS"],
      personId: created.personId,
      person: { id: created.personId, traits: [{ name: "plan", value: "gold" }] },
    });
  });

  test("given a subscriber of the graph, when persons come together, then it is told in order", async () => {
    const [user, device] = [unique("u"), unique("a")];
    const messages = await follow(identityChanged, {
      after: cursorOf("identity", await world.head()),
    });
    await world.accept({ ids: { user_id: user } }, { ids: { anonymous_id: device } });
    await world.accept({ ids: { user_id: user, anonymous_id: device } });
    const kinds: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const { data, errors } = (await messages.next()).value!;
      expect(errors).toBeUndefined();
      kinds.push((data!.identityChanged as Message).change.kind);
    }
    await messages.return(undefined);
    expect(kinds).toEqual(["CREATE", "CREATE", "MERGE"]);
  });
});
