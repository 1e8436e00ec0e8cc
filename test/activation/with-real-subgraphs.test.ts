import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { allModules } from "../../gateway/all-modules.ts";
import { startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";
import { WebhookReceiver } from "./webhook-receiver.ts";

let platform: TestPlatform;
let hook: WebhookReceiver;

beforeAll(async () => {
  platform = await startTestPlatform(allModules);
  hook = await WebhookReceiver.start();
}, 60_000);

afterAll(async () => {
  await hook.stop();
  await platform.stop();
});

async function ask(subgraph: string, document: string, input: unknown): Promise<Answer> {
  const { data, errors } = await platform.ask<Answer>(subgraph, document, { input });
  if (errors?.length) throw errors[0];
  return data!;
}

type Answer = Record<string, { problems?: unknown[]; signingSecret?: string }>;

async function until(claim: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1_000 && !claim(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const problems = "problems { code message path }";

function buyerEvent(user: string): unknown {
  return {
    type: "TRACK",
    event: "order_completed",
    messageId: `m-${user}`,
    userId: user,
    timestamp: platform.clock.now().toISOString(),
    properties: {},
    context: { traits: { email: `${user}@example.com`, first_name: user } },
  };
}

test("given an audience of buyers, when somebody who consents buys, then a webhook tells so, with the chain back", async () => {
  const purpose = { name: "marketing", title: "Marketing", channels: ["EMAIL"] };
  await ask(
    "consent",
    `mutation ($input: DefinePurposeInput!) { definePurpose(input: $input) { ${problems} } }`,
    purpose,
  );
  const rule = { event: { name: "order_completed", count: { atLeast: 1 }, within: "P30D" } };
  const audience = { name: "buyers", title: "Buyers", owner: "growth", purpose: "marketing", rule };
  await ask(
    "audiences",
    `mutation ($input: CreateAudienceInput!) { createAudience(input: $input) { ${problems} } }`,
    audience,
  );
  await ask(
    "audiences",
    `mutation ($input: ActivateAudienceInput!) { activateAudience(input: $input) { ${problems} } }`,
    { name: "buyers", version: 1 },
  );
  await ask(
    "events",
    `mutation ($input: CreateSourceInput!) { createSource(input: $input) { ${problems} } }`,
    {
      name: "web",
      title: "Web",
      kind: "WEBSITE",
    },
  );
  const { createDestination } = await ask(
    "activation",
    `mutation ($input: CreateDestinationInput!) { createDestination(input: $input) { signingSecret ${problems} } }`,
    { name: "hook", kind: "webhook", settings: { url: hook.url } },
  );
  hook.secret = createDestination!.signingSecret!;
  const sync = await ask(
    "activation",
    `mutation ($input: CreateSyncInput!) { createSync(input: $input) { sync { name } ${problems} } }`,
    {
      name: "buyers-to-hook",
      destination: "hook",
      subject: { audience: "buyers" },
      purpose: "marketing",
      channel: "EMAIL",
      identifiers: ["email"],
      traits: ["first_name"],
    },
  );
  expect(sync).toMatchObject({ createSync: { problems: [] } });
  const events = ["ana", "bo"].map(buyerEvent);
  const ingested = await ask(
    "events",
    `mutation ($input: IngestEventsInput!) { ingestEvents(input: $input) { accepted ${problems} } }`,
    { source: "web", events },
  );
  expect(ingested).toMatchObject({ ingestEvents: { accepted: 2, problems: [] } });
  await ask(
    "consent",
    `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { ${problems} } }`,
    {
      identifier: { namespace: "email", value: "ana@example.com" },
      purpose: "marketing",
      channel: "EMAIL",
      kind: "GRANT",
      method: "form",
      statedAt: platform.clock.now().toISOString(),
    },
  );
  await until(() => hook.accepted.length > 0);
  await platform.settle();
  expect(hook.accepted.map((one) => one.body.data)).toMatchObject([
    {
      person: {
        identifiers: [{ namespace: "email", value: "ana@example.com" }],
        traits: { first_name: "ana" },
      },
      audience: { name: "buyers", version: 1 },
    },
  ]);
  expect(hook.forgeries).toBe(0);
  await ask(
    "consent",
    `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { ${problems} } }`,
    {
      identifier: { namespace: "email", value: "ana@example.com" },
      purpose: "marketing",
      channel: "EMAIL",
      kind: "WITHDRAW",
      method: "form",
      statedAt: new Date(platform.clock.now().getTime() + 1).toISOString(),
    },
  );
  platform.clock.advanceMs(1_000);
  await until(() => hook.accepted.length > 1);
  expect(hook.accepted.map((one) => one.type)).toEqual(["audience.entered", "audience.exited"]);
  const { data } = await platform.ask<{ deliveries: { nodes: unknown[] } }>("activation", chain);
  expect(data!.deliveries.nodes.slice(-1)).toMatchObject([
    {
      kind: "ENTERED",
      status: "DELIVERED",
      lineage: {
        event: { messageId: "m-ana", name: "order_completed" },
        identityChange: { kind: "CREATE" },
        audience: { name: "buyers" },
        audienceVersion: 1,
        consentDecision: { outcome: "ALLOW", reasons: [{ code: "CONSENT_GRANTED" }] },
      },
      attempts: [{ outcome: "DELIVERED", httpStatus: 200 }],
    },
  ]);
});

test("given a buyer with two addresses, when one of them is suppressed, then the webhooks name the other one alone", async () => {
  const events = ["cy@work.example", "cy@home.example"].map((email, place) => ({
    ...(buyerEvent("cy") as object),
    messageId: `m-cy-${place}`,
    context: { traits: { email } },
  }));
  const consent = { purpose: "marketing", channel: "EMAIL", kind: "GRANT", method: "form" };
  await ask(
    "consent",
    `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { ${problems} } }`,
    {
      ...consent,
      identifier: { namespace: "email", value: "cy@home.example" },
      statedAt: platform.clock.now().toISOString(),
    },
  );
  await ask(
    "consent",
    `mutation ($input: SuppressInput!) { suppress(input: $input) { ${problems} } }`,
    {
      identifier: { namespace: "email", value: " CY@work.example" },
      channel: "EMAIL",
      reason: "HARD_BOUNCE",
    },
  );
  await ask(
    "events",
    `mutation ($input: IngestEventsInput!) { ingestEvents(input: $input) { accepted ${problems} } }`,
    { source: "web", events },
  );
  const ofCy = () =>
    hook.accepted.filter(({ raw }) => raw.includes("cy@")).map(({ body }) => body.data.person);
  await until(() => ofCy().length > 0);
  await platform.settle();
  expect(ofCy().map(({ identifiers }) => identifiers)).toEqual([
    [{ namespace: "email", value: "cy@home.example" }],
  ]);
});

const chain = `{ deliveries(filter: { statuses: [DELIVERED] }) { nodes { kind status
  attempts { outcome httpStatus } lineage { event { messageId name } identityChange { id kind }
  audience { name } audienceVersion consentDecision { outcome reasons { code } } } } } }`;
