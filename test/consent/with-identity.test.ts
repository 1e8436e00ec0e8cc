import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { consentModule } from "../../subgraphs/consent/module.ts";
import { eventsModule } from "../../subgraphs/events/module.ts";
import { identityModule } from "../../subgraphs/identity/module.ts";
import { FakeClock, startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";

let platform: TestPlatform;

async function ask<T>(subgraph: string, document: string, variables = {}): Promise<T> {
  const { data, errors } = await platform.ask<T>(subgraph, document, variables);
  if (errors?.[0]) throw errors[0];
  return data as T;
}

beforeAll(async () => {
  platform = await startTestPlatform([eventsModule, identityModule, consentModule], {
    clock: new FakeClock("2026-06-01T12:00:00Z"),
  });
  const source = { name: "web", title: "Web", kind: "WEBSITE" };
  await ask(
    "events",
    "mutation($input: CreateSourceInput!) { createSource(input: $input) { problems { code } } }",
    { input: source },
  );
  await ask(
    "consent",
    "mutation($input: DefinePurposeInput!) { definePurpose(input: $input) { problems { code } } }",
    { input: { name: "advertising", title: "Advertising", channels: [] } },
  );
}, 120_000);
afterAll(() => platform?.stop());

async function send(...events: Record<string, unknown>[]): Promise<void> {
  const ingest = `mutation($input: IngestEventsInput!) {
    ingestEvents(input: $input) { problems { code message path } } }`;
  const { ingestEvents } = await ask<{ ingestEvents: { problems: unknown[] } }>("events", ingest, {
    input: { source: "web", events },
  });
  expect(ingestEvents.problems).toEqual([]);
  await platform.settle();
}

function banner(isGranted: boolean) {
  return { consent: { categoryPreferences: { Advertising: isGranted } } };
}

async function decision(userId: string): Promise<string> {
  const { person } = await ask<{ person: { id: string } }>(
    "identity",
    "query($by: PersonBy!) { person(by: $by) { id } }",
    { by: { identifier: { namespace: "user_id", value: userId } } },
  );
  const { consentDecisionsFor } = await ask<{
    consentDecisionsFor: [{ reasons: { code: string }[] }];
  }>(
    "consent",
    `query($requests: [ConsentDecisionRequest!]!) {
      consentDecisionsFor(requests: $requests) { reasons { code } } }`,
    { requests: [{ personId: person.id, purpose: "advertising" }] },
  );
  return consentDecisionsFor[0].reasons.map((reason) => reason.code).join(" ");
}

test("given a visitor who accepted before being known, when known, then the consent is the person's", async () => {
  const page = { type: "PAGE", anonymousId: "a1", context: banner(true) };
  await send({ ...page, timestamp: "2026-05-01T10:00:00Z" });
  await send({
    type: "IDENTIFY",
    anonymousId: "a1",
    userId: "u1",
    timestamp: "2026-05-01T10:05:00Z",
  });
  expect(await decision("u1")).toBe("CONSENT_GRANTED");
});

test("given a customer who accepted, when the device he refused on turns out to be his, then he is asked again", async () => {
  const [refused, accepted] = [banner(false), banner(true)];
  await send({
    type: "PAGE",
    anonymousId: "a2",
    context: refused,
    timestamp: "2026-05-01T10:00:00Z",
  });
  await send({
    type: "TRACK",
    event: "Login",
    userId: "u2",
    context: accepted,
    timestamp: "2026-05-02T10:00:00Z",
  });
  expect(await decision("u2")).toBe("CONSENT_GRANTED");
  await send({
    type: "IDENTIFY",
    anonymousId: "a2",
    userId: "u2",
    timestamp: "2026-05-03T10:00:00Z",
  });
  expect(await decision("u2")).toBe("CONSENT_CONFLICT");
  const act = { type: "TRACK", event: "Consent Preference Updated", context: accepted };
  await send({ ...act, userId: "u2", timestamp: "2026-05-04T10:00:00Z" });
  expect(await decision("u2")).toBe("CONSENT_GRANTED");
});

test("given acceptance and identification in one batch and one event, then it counts", async () => {
  await send(
    { type: "PAGE", anonymousId: "a3", context: banner(false), timestamp: "2026-05-01T10:00:00Z" },
    {
      type: "IDENTIFY",
      anonymousId: "a3",
      userId: "u3",
      context: banner(true),
      timestamp: "2026-05-01T10:05:00Z",
    },
  );
  expect(await decision("u3")).toBe("CONSENT_GRANTED");
});
