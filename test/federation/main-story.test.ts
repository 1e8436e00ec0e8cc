import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Analytics } from "@segment/analytics-node";
import { type Client, createClient } from "graphql-ws";
import { Webhook } from "standardwebhooks";
import WebSocket from "ws";
import { operation } from "./operation.ts";
import { eventually, type RunningLayout, startLayout } from "./running-layout.ts";
import { WebhookCatcher } from "./webhook-catcher.ts";

let layout: RunningLayout;
let hook: WebhookCatcher;
let sdk: Analytics;
let sockets: Client;
let signingSecret: string;
const problems: unknown[] = [];

type Payload = Record<string, { problems: unknown[] } & Record<string, unknown>>;

async function define(name: string, input: Record<string, unknown>): Promise<Payload[string]> {
  const [payload] = Object.values(await layout.ask<Payload>(operation(name), { input }));
  problems.push(...payload!.problems);
  return payload!;
}

beforeAll(async () => {
  layout = await startLayout();
  hook = await WebhookCatcher.open();
  sockets = createClient({
    url: `${layout.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${layout.key}` },
    retryAttempts: 0,
  });
  const { writeKey } = await define("CreateSource", { name: "web", title: "Web", kind: "WEBSITE" });
  sdk = new Analytics({ writeKey: writeKey as string, host: layout.url, flushAt: 1 });
  await define("DefinePurpose", { name: "marketing", title: "Marketing", channels: ["EMAIL"] });
  await define("CreateAudience", {
    name: "cart-abandoners",
    title: "Left a cart in the last day",
    owner: "growth",
    purpose: "marketing",
    rule: {
      all: [
        { event: { name: "cart_updated", count: { atLeast: 1 }, within: "PT24H" } },
        { not: { event: { name: "order_completed", within: "PT24H" } } },
        { trait: { name: "country", is: { equals: "DE" } } },
      ],
    },
  });
  await define("ActivateAudience", { name: "cart-abandoners", version: 1 });
  await define("CreateExperiment", {
    name: "free-shipping",
    unit: "PERSON",
    eligibility: { audience: "cart-abandoners" },
    variations: [
      { key: "control", weight: 0.5 },
      { key: "free", weight: 0.5 },
    ],
  });
  await define("StartExperiment", { name: "free-shipping" });
  const destination = await define("CreateDestination", {
    name: "crm-hook",
    kind: "webhook",
    settings: { url: hook.url },
  });
  signingSecret = destination.signingSecret as string;
  await define("CreateSync", {
    name: "abandoners-to-crm",
    destination: "crm-hook",
    subject: { audience: "cart-abandoners" },
    purpose: "marketing",
    channel: "EMAIL",
    identifiers: ["email"],
    traits: ["first_name", "country"],
  });
}, 120_000);

afterAll(async () => {
  await sdk?.closeAndFlush();
  await sockets?.dispose();
  await hook?.close();
  await layout?.remove();
});

/** What a subscription gives, one by one. */
function follow<T>(name: string, variables: Record<string, unknown>): AsyncIterableIterator<T> {
  const results = sockets.iterate<T>({ query: operation(name), variables });
  return {
    next: async () => {
      const { done, value } = await results.next();
      if (done) return { done, value: undefined };
      if (value.errors) throw new Error(JSON.stringify(value.errors));
      return { done: false, value: value.data as T };
    },
    return: async () => {
      await results.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

interface MembershipMessage {
  audienceMembershipChanged: {
    cursor: string;
    kind: string;
    personId: string;
    audience: { name: string };
    person: { id: string; identifiers: { nodes: { namespace: string; value: string }[] } };
  };
}

interface ProfileAnswer {
  person: {
    id: string;
    identifiers: {
      nodes: { namespace: string; value: string; band: string }[];
      totalCount: number;
    };
    traits: { name: string; value: unknown }[];
    timeline: { nodes: { messageId: string; type: string; name: string | null }[] };
    consentDecisions: { purpose: string; outcome: string }[];
    audiences: { nodes: { audience: { name: string } }[] };
    assignments: { experiment: { name: string }; variation: string }[];
    deliveries: { nodes: { id: string; status: string }[] };
  } | null;
}

const byEmail = {
  by: { identifier: { namespace: "email", value: "Ana@Example.com" } },
  purposes: ["marketing"],
  channel: "EMAIL",
};

let cursor: string;

test("given definitions by the published operations, then none was refused", () => {
  expect(problems).toEqual([]);
  expect(signingSecret).toMatch(/^whsec_/);
});

test("given an anonymous visitor who becomes known, then one query shows all of her", async () => {
  const messages = follow<MembershipMessage>("AudienceMembershipChanged", { after: "0" });
  sdk.track({ anonymousId: "a-1", event: "cart_updated", properties: { total: 12.5 } });
  await sdk.flush();
  sdk.identify({
    userId: "u-1",
    anonymousId: "a-1",
    traits: { email: "ana@example.com", first_name: "Ana", country: "DE" },
    context: {
      consent: { categoryPreferences: { marketing: true } },
    } as never,
  });
  await sdk.flush();
  const { value } = await messages.next();
  await messages.return?.();
  const entered = (value as MembershipMessage).audienceMembershipChanged;
  expect(entered).toMatchObject({ kind: "ENTERED", audience: { name: "cart-abandoners" } });
  cursor = entered.cursor;
  const { person } = await eventually(
    () => layout.ask<ProfileAnswer>(operation("Profile"), byEmail),
    (answer) =>
      answer.person?.deliveries.nodes[0]?.status === "DELIVERED" &&
      answer.person.assignments.length === 1,
  );
  expect(person!.id).toBe(entered.personId);
  expect(person!.identifiers.nodes.map((each) => `${each.namespace}:${each.value}`).sort()).toEqual(
    ["anonymous_id:a-1", "email:ana@example.com", "user_id:u-1"],
  );
  expect(person!.traits).toContainEqual(
    expect.objectContaining({ name: "first_name", value: "Ana" }),
  );
  expect(person!.timeline.nodes.map(({ name, type }) => name ?? type)).toContain("cart_updated");
  expect(person!.consentDecisions).toEqual([
    expect.objectContaining({ purpose: "marketing", outcome: "ALLOW" }),
  ]);
  expect(person!.audiences.nodes.map(({ audience }) => audience.name)).toEqual(["cart-abandoners"]);
}, 60_000);

test("given the webhook, when verified by the standard's own library, then it is ours and names only what was asked", async () => {
  const [caught] = await eventually(
    async () => hook.caught,
    (all) => all.length >= 1,
  );
  const verified = new Webhook(signingSecret).verify(
    caught!.body,
    caught!.headers as Record<string, string>,
  );
  expect(verified).toMatchObject({
    type: "audience.entered",
    data: {
      person: {
        identifiers: [{ namespace: "email", value: "ana@example.com" }],
        traits: { first_name: "Ana", country: "DE" },
      },
      audience: { name: "cart-abandoners", version: 1 },
    },
  });
  const { delivery } = await layout.ask<{ delivery: Record<string, unknown> }>(
    operation("Delivery"),
    { id: caught!.json.data.deliveryId },
  );
  expect(delivery).toMatchObject({
    status: "DELIVERED",
    attempts: [{ number: 1, httpStatus: 204 }],
    lineage: {
      audience: { name: "cart-abandoners" },
      audienceVersion: 1,
      consentDecision: { outcome: "ALLOW" },
    },
  });
  const { event } = delivery.lineage as { event: { messageId: string } | null };
  expect(event?.messageId).toBeTruthy();
});

test("given a consumer that went away, when it resumes from its cursor, then it has lost nothing", async () => {
  sdk.track({ userId: "u-1", event: "order_completed", properties: { total: 12.5 } });
  await sdk.flush();
  await eventually(
    async () => hook.caught,
    (all) => all.some(({ json }) => json.type === "audience.exited"),
  );
  const messages = follow<MembershipMessage>("AudienceMembershipChanged", { after: cursor });
  const { value } = await messages.next();
  await messages.return?.();
  expect((value as MembershipMessage).audienceMembershipChanged.kind).toBe("EXITED");
}, 60_000);

test("given a withdrawal, when she meets the rule again, then nothing is sent; a later grant lets her in", async () => {
  const consent = (kind: string) =>
    define("RecordConsent", {
      identifier: { namespace: "email", value: "ana@example.com" },
      purpose: "marketing",
      channel: "EMAIL",
      kind,
      method: "preference-centre",
      statedAt: new Date().toISOString(),
    });
  const entered = () =>
    hook.caught.filter(({ json }) => json.data.person.traits.first_name === "Bea");
  await define("RecordConsent", {
    identifier: { namespace: "email", value: "bea@example.com" },
    purpose: "marketing",
    channel: "EMAIL",
    kind: "WITHDRAW",
    method: "preference-centre",
    statedAt: "2026-01-01T10:00:00Z",
  });
  await consent("GRANT");
  sdk.identify({
    userId: "u-2",
    traits: { email: "bea@example.com", first_name: "Bea", country: "DE" },
  });
  sdk.track({ userId: "u-2", event: "cart_updated", properties: {} });
  await sdk.flush();
  await eventually(
    () =>
      layout.ask<ProfileAnswer>(operation("Profile"), {
        ...byEmail,
        by: { identifier: { namespace: "user_id", value: "u-2" } },
      }),
    (answer) => answer.person?.audiences.nodes.length === 1,
  );
  expect(entered()).toEqual([]);
  await define("RecordConsent", {
    identifier: { namespace: "email", value: "bea@example.com" },
    purpose: "marketing",
    channel: "EMAIL",
    kind: "GRANT",
    method: "preference-centre",
    statedAt: new Date().toISOString(),
  });
  await eventually(
    async () => entered().map(({ json }) => json.type),
    (types) => types.length === 1 && types[0] === "audience.entered",
  );
  expect(problems).toEqual([]);
}, 60_000);
