import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Rebuild } from "../../subgraphs/identity/service/rebuild.ts";
import type { IdentityReader } from "../../subgraphs/identity/store/identity-reader.ts";
import { WebhookReceiver } from "../activation/webhook-receiver.ts";
import { ErasureWorld } from "./erasure-world.ts";

/** Traces of the erased in the graph, where it is not in the database. */
export type GraphTraces = (values: readonly string[]) => Promise<string[]>;

/** Forgetting somebody, over the public operations of all subgraphs; true in every layout. */
export function erasureStories(
  start: () => Promise<ErasureWorld>,
  readerOf: (world: ErasureWorld) => Promise<IdentityReader>,
  graphTraces: GraphTraces = async () => [],
): void {
  let world: ErasureWorld;
  let hook: WebhookReceiver;

  const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, "0")}:00.000Z`;

  beforeAll(async () => {
    world = await start();
    hook = await WebhookReceiver.start();
    await world.do("definePurpose", { name: "marketing", title: "M", channels: ["EMAIL"] });
    const rule = { event: { name: "order_completed", count: { atLeast: 1 }, within: "P3650D" } };
    await world.do("createAudience", {
      ...{ name: "buyers", title: "Buyers", owner: "growth", purpose: "marketing", rule },
    });
    await world.do("activateAudience", { name: "buyers", version: 1 });
    const variations = [
      { key: "a", weight: 0.5 },
      { key: "b", weight: 0.5 },
    ];
    await world.do("createExperiment", { name: "checkout", unit: "PERSON", variations });
    await world.do("startExperiment", { name: "checkout" });
    const { signingSecret } = await world.do<{ signingSecret: string }>("createDestination", {
      ...{ name: "hook", kind: "webhook", settings: { url: hook.url } },
    });
    hook.secret = signingSecret;
    await world.do("createSync", {
      ...{ name: "buyers-to-hook", destination: "hook", subject: { audience: "buyers" } },
      ...{ purpose: "marketing", channel: "EMAIL", identifiers: ["email"], traits: ["first_name"] },
    });
    await world.do("registerContract", {
      ...{ event: "club_joined", family: "BUSINESS", owner: "club", drives: "ACTIVATION" },
      schema: { type: "object", required: ["club_id"], properties: {} },
    });
  }, 120_000);

  afterAll(async () => {
    await hook.stop();
    await world.stop();
  });

  const traces = async (values: readonly string[]) => [
    ...(await world.traces(values)),
    ...(await graphTraces(values)),
  ];

  /** What Marisol leaves everywhere; `texts` must be nowhere afterwards. */
  const texts = [
    "marisol.quintana",
    "MQ-778812",
    "anon-marisol-1",
    "5550147",
    "Quintanilla",
    "msg-mq",
  ];

  async function marisolIsEverywhere(): Promise<void> {
    await world.send(
      {
        ...{ type: "TRACK", event: "order_completed", messageId: "msg-mq-0", timestamp: at(0) },
        ...{ anonymousId: "anon-marisol-1", properties: { gift_for: "Quintanilla" } },
      },
      {
        ...{ type: "IDENTIFY", messageId: "msg-mq-1", userId: "MQ-778812", timestamp: at(1) },
        anonymousId: "anon-marisol-1",
        traits: { email: " Marisol.Quintana@Example.com ", phone: "+1 (415) 555-0147" },
      },
      {
        ...{ type: "IDENTIFY", messageId: "msg-mq-2", userId: "MQ-778812", timestamp: at(2) },
        traits: { first_name: "Marisol", last_name: "Quintanilla" },
      },
      {
        ...{ type: "TRACK", event: "order_completed", messageId: "msg-mq-3", timestamp: at(3) },
        userId: "MQ-778812",
        properties: { note: "for marisol.quintana@example.com", order_id: "o-1" },
      },
      {
        ...{ type: "TRACK", event: "club_joined", messageId: "msg-mq-4", timestamp: at(4) },
        ...{ userId: "MQ-778812", properties: { by: "Quintanilla" } },
      },
      {
        ...{ type: "TRACK", event: "order_completed", messageId: "m-friend", timestamp: at(5) },
        userId: "friend-9",
        properties: { referred_by: "marisol.quintana@example.com", order_id: "o-2" },
      },
    );
    const identifier = { namespace: "email", value: "marisol.quintana@example.com" };
    await world.do("recordConsent", {
      ...{ identifier, purpose: "marketing", channel: "EMAIL", kind: "GRANT", method: "form" },
      statedAt: at(6),
    });
    await world.do("putRecords", {
      source: "crm",
      records: [
        {
          ...{ kind: "CONTACT", key: "003MQ-778812", observedAt: at(7) },
          identifiers: [identifier],
          attributes: { givenName: "Marisol", familyName: "Quintanilla", email: identifier.value },
        },
      ],
    });
    await world.platform.settle();
  }

  test("given somebody who is everywhere, when erased, then no text of any table holds a trace, who was told is told of the exit, and others keep theirs", async () => {
    await marisolIsEverywhere();
    for (let tries = 0; tries < 500 && hook.accepted.length === 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(hook.accepted.map(({ type }) => type)).toEqual(["audience.entered"]);
    await world.do("suppress", {
      identifier: { namespace: "email", value: "marisol.quintana@example.com" },
      ...{ channel: "EMAIL", reason: "UNSUBSCRIBE", note: "asked by phone, Quintanilla" },
    });
    const person = await world.personOf("user_id", "MQ-778812");
    expect(person).not.toBeNull();
    expect((await traces(texts)).length).toBeGreaterThan(10);
    const head = await world.platform.streams.head("identity");
    const erasure = await world.erase({ person });
    expect(erasure.stores.map(({ state }) => state)).toEqual(erasure.stores.map(() => "DONE"));
    expect(await traces(texts)).toEqual([]);
    for (const [namespace, value] of [
      ["user_id", "MQ-778812"],
      ["email", "marisol.quintana@example.com"],
      ["anonymous_id", "anon-marisol-1"],
    ] as const) {
      expect(await world.personOf(namespace, value)).toBeNull();
    }
    const exit = hook.accepted.at(-1)!;
    expect(exit.type).toBe("audience.exited");
    expect(exit.body.data.person.identifiers).toEqual([
      { namespace: "email", value: "marisol.quintana@example.com" },
    ]);
    expect(await world.personOf("user_id", "friend-9")).not.toBeNull();
    const entries = await world.platform.streams.read(
      world.platform.database,
      "identity",
      0,
      1_000,
    );
    expect(entries.filter(({ position }) => position <= head).length).toBe(head);
  }, 60_000);

  test("given an erasure, when old events come again, then they are refused and counted; a new one makes a new person, whom the suppression still protects", async () => {
    const again = await world.send(
      {
        ...{ type: "IDENTIFY", messageId: "msg-mq-1", userId: "MQ-778812", timestamp: at(1) },
        traits: { email: "marisol.quintana@example.com" },
      },
      {
        ...{ type: "IDENTIFY", messageId: "msg-other", userId: "MQ-778812", timestamp: at(9) },
        traits: { email: "marisol.quintana@example.com" },
      },
    );
    expect(again).toMatchObject({
      ...{ accepted: 0, duplicates: 1 },
      rejected: [{ problems: [{ code: "SUBJECT_ERASED" }] }],
    });
    const contact = (key: string, ...identifiers: { namespace: string; value: string }[]) => ({
      ...{ kind: "CONTACT", key, observedAt: at(7), identifiers },
      attributes: { givenName: "Iva" },
    });
    const records = [
      contact("003MQ-778812", { namespace: "email", value: "marisol.quintana@example.com" }),
      contact("003OTHER"),
    ];
    expect(await world.do("putRecords", { source: "crm", records })).toMatchObject({
      accepted: 1,
      rejected: [{ problems: [{ code: "SUBJECT_ERASED" }] }],
    });
    expect(await traces(texts)).toEqual([]);
    world.platform.clock.advanceMs(60_000);
    const news = {
      ...{ type: "IDENTIFY", messageId: "msg-new", userId: "MQ-778812" },
      timestamp: world.platform.clock.now().toISOString(),
      traits: { email: "marisol.quintana@example.com" },
    };
    expect(await world.send(news)).toMatchObject({ accepted: 1, rejected: [] });
    const person = await world.personOf("user_id", "MQ-778812");
    expect(person).not.toBeNull();
    const { consentDecisionsFor } = await world.ask<{
      consentDecisionsFor: { outcome: string; reasons: { code: string }[] }[];
    }>(
      "consent",
      `query ($requests: [ConsentDecisionRequest!]!) {
         consentDecisionsFor(requests: $requests) { outcome reasons { code } } }`,
      {
        requests: [{ personId: person, purpose: "marketing", channel: "EMAIL", operation: "ADD" }],
      },
    );
    expect(consentDecisionsFor[0]!.outcome).toBe("DENY");
  }, 60_000);

  test("given all that somebody said of himself names who was erased, when he speaks again, then that does not come back", async () => {
    const address = "vesna.removed@example.com";
    const speaks = (messageId: string, traits: object) => ({
      ...{ type: "IDENTIFY", messageId, userId: "admirer-1", timestamp: at(12), traits },
    });
    await world.send(
      { type: "IDENTIFY", messageId: "vesna-1", timestamp: at(11), traits: { email: address } },
      speaks("admirer-1", { recommended_by: address }),
    );
    await world.erase({ identifier: { namespace: "email", value: address } });
    expect(await traces([address])).toEqual([]);
    await world.send(speaks("admirer-2", { city: "Split" }));
    expect(await traces([address])).toEqual([]);
  }, 60_000);

  test("given an identifier that bridged two, when it is erased, then they are two again and keep the rest", async () => {
    await world.send(
      ...["bridged-a", "bridged-b"].map((anonymousId, place) => ({
        ...{
          type: "IDENTIFY",
          messageId: `bridge-${place}`,
          timestamp: at(20 + place),
          anonymousId,
        },
        traits: { email: "bridge@example.com", nick: `${anonymousId}-nick` },
      })),
    );
    const before = await world.personOf("anonymous_id", "bridged-a");
    expect(await world.personOf("anonymous_id", "bridged-b")).toBe(before);
    await world.erase({ identifier: { namespace: "email", value: "bridge@example.com" } });
    const [a, b] = [
      await world.personOf("anonymous_id", "bridged-a"),
      await world.personOf("anonymous_id", "bridged-b"),
    ];
    expect(a).not.toBe(b);
    expect([a, b]).toContain(before);
    expect(await world.personOf("email", "bridge@example.com")).toBeNull();
    expect(await traces(["bridge@example.com"])).toEqual([]);
    expect((await traces(["bridged-b-nick"])).length).toBeGreaterThan(0);
  }, 60_000);

  test("given somebody who follows the changes, when one is erased, then the change names the person and no identifier", async () => {
    await world.send({
      type: "IDENTIFY",
      messageId: "f-1",
      userId: "followed-away",
      timestamp: at(40),
    });
    const person = await world.personOf("user_id", "followed-away");
    await world.erase({ person });
    const { identityChanges } = await world.ask<{
      identityChanges: { nodes: { personIds: string[]; identifiers: unknown[] }[] };
    }>(
      "identity",
      "{ identityChanges(first: 1, filter: { kinds: [ERASE] }) { nodes { personIds identifiers { value } } } }",
    );
    expect(identityChanges.nodes).toEqual([{ personIds: [person], identifiers: [] }]);
  }, 60_000);

  test("given a device of two, when one is erased, then it stays the other's with what was theirs", async () => {
    const device = { device: { id: "tablet-of-the-house" } };
    await world.send(
      {
        ...{ type: "IDENTIFY", messageId: "d-1", userId: "parent-erased", timestamp: at(30) },
        ...{ context: device, traits: { nick: "Parent-nick" } },
      },
      {
        ...{ type: "IDENTIFY", messageId: "d-2", userId: "child-stays", timestamp: at(31) },
        ...{ context: device, traits: { nick: "Child-nick" } },
      },
    );
    const parent = await world.personOf("user_id", "parent-erased");
    const child = await world.personOf("user_id", "child-stays");
    expect(parent).not.toBe(child);
    await world.erase({ person: parent });
    expect(await world.personOf("user_id", "parent-erased")).toBeNull();
    expect(await world.personOf("user_id", "child-stays")).toBe(child);
    expect(await traces(["parent-erased", "Parent-nick"])).toEqual([]);
    expect((await traces(["tablet-of-the-house"])).length).toBeGreaterThan(0);
  }, 60_000);

  test("given somebody who was refused to others, on their tablet and with their contact id, when erased, then nothing of him stays", async () => {
    const [own, other] = ["guest-0417", "host-0417"];
    await world.send(
      { type: "IDENTIFY", userId: other, anonymousId: "tablet-0417", timestamp: at(0) },
      {
        ...{ type: "IDENTIFY", userId: own, timestamp: at(1) },
        traits: { email: "guest-0417@example.org", first_name: "Guest0417" },
      },
      { type: "TRACK", event: "seen", userId: own, anonymousId: "tablet-0417", timestamp: at(2) },
      ...[other, own].map((userId, place) => ({
        ...{ type: "IDENTIFY", userId, timestamp: at(3 + place) },
        context: { externalIds: [{ type: "crm_contact_id", id: "003-host-0417" }] },
      })),
    );
    const host = await world.personOf("user_id", other);
    const guest = await world.personOf("user_id", own);
    const merge = { into: host, from: [guest], reason: "Guestname, guest-0417@example.org, asked" };
    const { change } = await world.do<{ change: { id: string } }>("mergePersons", merge);
    await world.do("revertIdentityChange", { change: change.id, reason: "Guestname is a guest" });
    await world.platform.settle();
    await world.erase({ person: await world.personOf("user_id", own) });
    expect(await traces(["guest-0417", "Guest0417", "Guestname"])).toEqual([]);
    expect(await world.personOf("crm_contact_id", "003-host-0417")).toBe(host);
    expect(await world.personOf("anonymous_id", "tablet-0417")).toBe(host);
  }, 60_000);

  test("given erasures, then the audit log still rebuilds who is one person", async () => {
    const { differences } = await new Rebuild(await readerOf(world)).compare();
    expect(differences).toEqual([]);
  });

  test("given nobody, a bad identifier, or no reason, then an erasure is refused with a problem", async () => {
    const cases = [
      [{ person: "person_none" }, "x", "PERSON_UNKNOWN"],
      [{ identifier: { namespace: "no such", value: "1" } }, "x", "IDENTIFIER_INVALID"],
      [{ identifier: { namespace: "user_id", value: "u" } }, " ", "REASON_INVALID"],
    ] as const;
    for (const [subject, reason, code] of cases) {
      const answer = await world.do("erase", { subject, reason });
      expect(answer).toMatchObject({ erasure: null, problems: [{ code }] });
    }
  });
}
