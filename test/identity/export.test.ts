import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ErasureWorld } from "./erasure-world.ts";

let world: ErasureWorld;

beforeAll(async () => {
  world = await ErasureWorld.start();
}, 120_000);

afterAll(() => world.stop());

const document = "query ($by: PersonBy!) { exportPerson(by: $by) }";
const by = { identifier: { namespace: "user_id", value: "told-1" } };

type Exported = Record<string, Record<string, unknown>[]>;

async function exported(): Promise<Exported> {
  return (await world.ask<{ exportPerson: Exported }>("identity", document, { by })).exportPerson;
}

test("given somebody known in many places, when exported, then all of it is told, uncut, and that it was told", async () => {
  await world.do("definePurpose", { name: "marketing", title: "M", channels: ["EMAIL"] });
  const events = Array.from({ length: 1_100 }, (_, n) => ({
    ...{ type: "TRACK", event: "seen", messageId: `told-${n}`, userId: "told-1" },
    timestamp: new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString(),
  }));
  for (let from = 0; from < events.length; from += 200) {
    await world.send(...events.slice(from, from + 200));
  }
  await world.send(
    ...["Porto", "Faro"].map((city, n) => ({
      ...{ type: "IDENTIFY", messageId: `told-city-${n}`, userId: "told-1", traits: { city } },
      timestamp: new Date(Date.UTC(2026, 2, 1 + n)).toISOString(),
    })),
    {
      ...{ type: "IDENTIFY", messageId: "told-mail", userId: "told-1" },
      ...{ traits: { email: "told@example.com" }, timestamp: "2026-03-05T00:00:00.000Z" },
    },
  );
  const identifier = { namespace: "email", value: "told@example.com" };
  await world.do("recordConsent", {
    ...{ identifier, purpose: "marketing", channel: "EMAIL", kind: "GRANT", method: "form" },
    statedAt: "2026-03-06T00:00:00.000Z",
  });
  await world.do("putRecords", {
    source: "crm",
    records: [
      {
        ...{ kind: "CONTACT", key: "003T", observedAt: "2026-03-07T00:00:00.000Z" },
        identifiers: [identifier],
        attributes: { givenName: "Toldina" },
      },
    ],
  });
  await world.platform.settle();
  const first = await exported();
  expect(first).toMatchObject({ isComplete: true, disclosures: [] });
  expect(first.events).toHaveLength(1_103);
  expect(first.identifiers!.map(({ key }) => key)).toEqual(
    expect.arrayContaining(["user_id:told-1", "email:told@example.com"]),
  );
  expect(first.evidence!.length).toBeGreaterThan(0);
  expect(first.evidence).toContainEqual(expect.objectContaining({ sources: ["web"], count: 1 }));
  expect(first.traits).toContainEqual(
    expect.objectContaining({ name: "city", value: "Faro", source: "web" }),
  );
  expect(JSON.stringify(first.facts)).toContain("Porto");
  expect(JSON.stringify(first.records)).toContain("Toldina");
  expect(first.consentStatements).toMatchObject([{ kind: "GRANT", method: "form" }]);
  expect(first.consentDecisions).toMatchObject([{ purpose: "marketing", outcome: "ALLOW" }]);
  expect(first.audit!.length).toBeGreaterThan(0);
  expect(Object.keys(first)).toEqual(
    expect.arrayContaining(["audiences", "assignments", "deliveries", "accounts", "devices"]),
  );
  const scopes = ["privacy:write"] as const;
  const asked = await world.platform.ask<{ exportPerson: Exported }>(
    ...(["identity", document, { by }, scopes] as const),
  );
  const masked = asked.data!.exportPerson;
  expect(JSON.stringify(masked)).not.toMatch(/told@|Toldina|Porto|Faro/);
  expect(masked).toMatchObject({ isComplete: true, person: first.person });
  expect(masked.events).toHaveLength(1_103);
  expect((await exported()).disclosures).toMatchObject([
    { actor: "key_test" },
    { actor: "key_test" },
  ]);
}, 60_000);

test("given nobody, or no right to it, then nothing is told", async () => {
  const nobody = { identifier: { namespace: "user_id", value: "told-nobody" } };
  expect(await world.ask("identity", document, { by: nobody })).toEqual({ exportPerson: null });
  const { errors } = await world.platform.ask("identity", document, { by }, [
    "profiles:read",
    "pii:read",
  ]);
  expect(errors?.[0]).toMatchObject({ message: expect.stringContaining("privacy:write") });
});
