import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { PostgresLedgerStore } from "../../subgraphs/activation/store/postgres-ledger-store.ts";
import { ActivationWorld } from "./activation-world.ts";

let world: ActivationWorld;

beforeAll(async () => {
  world = await ActivationWorld.start();
}, 120_000);
afterEach(() => {
  world.fakes.down.clear();
});
afterAll(() => world.stop());

describe("given a sync of an audience", () => {
  test("when a person enters and leaves, then both are told, signed, with what the sync names", async () => {
    const scene = await world.scene();
    const ana = scene.person("ana");
    const cause = {
      messageId: "m-1",
      eventName: "order",
      rule: null,
      decision: null,
      identityChangeId: null,
    };
    await world.memberships([{ audience: scene.name, personId: ana, version: 3, cause }]);
    await world.calm();
    await scene.leave("ana");
    await world.calm();
    expect(scene.told).toEqual(["entered ana", "exited ana"]);
    expect(scene.hook.forgeries).toBe(0);
    const [entered] = scene.hook.received;
    expect(entered!.body).toEqual({
      type: "audience.entered",
      timestamp: expect.stringMatching(/^2026-03-01T/),
      data: {
        person: {
          id: ana,
          identifiers: [{ namespace: "email", value: `${ana}@example.com` }],
          traits: { first_name: `Name of ${ana}` },
        },
        audience: { name: scene.name, version: 3 },
        deliveryId: entered!.id,
      },
    });
    const line = (await scene.ledger()).find((one) => one.kind === "ENTERED");
    expect(line).toMatchObject({
      id: entered!.id,
      kind: "ENTERED",
      status: "DELIVERED",
      attemptCount: 1,
      attempts: [{ number: 1, outcome: "DELIVERED", httpStatus: 200, message: null }],
      lineage: {
        event: { messageId: "m-1", name: "order" },
        audience: { name: scene.name },
        audienceVersion: 3,
        consentDecision: { outcome: "ALLOW", reasons: [{ code: "CONSENT_GRANTED" }] },
      },
    });
  });

  test("when it is created after people entered, then those present are told, and only those", async () => {
    const scene = await world.scene({ sync: null });
    await scene.enter("ana", "bo", "cy");
    await scene.leave("bo");
    await world.platform.settle();
    await scene.sync();
    await world.calm();
    expect(scene.told.sort()).toEqual(["entered ana", "entered cy"]);
  });

  test("when it is paused, then nothing is sent; when it goes on, then only what is so now", async () => {
    const scene = await world.scene();
    await world.ask(`mutation { pauseSync(input: { name: "${scene.name}" }) { sync { state } } }`);
    await scene.enter("ana", "bo");
    await world.calm();
    await scene.leave("bo");
    await world.calm();
    expect(scene.told).toEqual([]);
    await world.ask(`mutation { resumeSync(input: { name: "${scene.name}" }) { sync { state } } }`);
    await world.calm();
    expect(scene.told).toEqual(["entered ana"]);
  });

  test("when its names are unknown, then it is refused with a problem for each", async () => {
    const scene = await world.scene({ sync: null });
    const wrong = { destination: "nowhere", subject: { audience: "no-such" }, purpose: "none" };
    const problems = await scene.sync(wrong);
    expect(problems).toMatchObject([
      { code: "UNKNOWN_DESTINATION", path: ["destination"] },
      { code: "UNKNOWN_AUDIENCE", path: ["subject", "audience"] },
      { code: "UNKNOWN_PURPOSE", path: ["purpose"] },
    ]);
    expect(await scene.sync({ channel: "SMS" })).toMatchObject([
      { code: "CHANNEL_NOT_IN_PURPOSE" },
    ]);
  });
});

describe("given consent", () => {
  test("when it is withdrawn and granted again, then the person is taken out and let in", async () => {
    const scene = await world.scene();
    await scene.enter("ana");
    await world.calm();
    await scene.deny("ana");
    await world.calm();
    expect(scene.told).toEqual(["entered ana", "exited ana"]);
    const withdrawn = (await scene.ledger()).find((line) => line.kind === "EXITED");
    expect(withdrawn!.lineage.consentDecision).toMatchObject({ outcome: "DENY" });
    await scene.grant("ana");
    await world.calm();
    expect(scene.told).toEqual(["entered ana", "exited ana", "entered ana"]);
  });

  test("when it is granted while an older refusal is on its way, then the person is let in", async () => {
    const scene = await world.scene();
    world.fakes.denied.add(scene.person("ana"));
    world.fakes.meanwhile = async () => {
      await scene.grant("ana");
      await world.asked();
    };
    await scene.enter("ana");
    await world.calm();
    expect(scene.told).toEqual(["entered ana"]);
  });

  test("when it is withdrawn while an older consent is on its way, then nobody stays in", async () => {
    const scene = await world.scene();
    world.fakes.meanwhile = async () => {
      await scene.deny("ana");
      await world.asked();
    };
    await scene.enter("ana");
    await world.calm();
    expect(scene.told.at(-1)).not.toBe("entered ana");
    expect(await scene.ledger({ statuses: ["WITHHELD"] })).toHaveLength(1);
  });

  test("when an event withdraws it, then the ledger names the event and the identity behind the exit", async () => {
    const scene = await world.scene();
    const cause = { messageId: "m-in", eventName: "order", rule: null, decision: null };
    const member = { audience: scene.name, personId: scene.person("ana") };
    await world.memberships([{ ...member, cause: { ...cause, identityChangeId: "link-of-ana" } }]);
    await world.calm();
    await scene.deny("ana", { messageId: "m-out", eventName: "Unsubscribed" });
    await world.calm();
    const [exit] = (await scene.ledger()).filter((line) => line.kind === "EXITED");
    expect(exit!.lineage).toMatchObject({
      event: { messageId: "m-out", name: "Unsubscribed" },
      identityChange: { id: "link-of-ana", kind: "LINK" },
      audienceVersion: 1,
      consentDecision: { outcome: "DENY" },
    });
  });

  test("when a merge ends it, then the ledger names the merge behind the exit", async () => {
    const scene = await world.scene();
    await scene.enter("ana");
    await world.calm();
    const cause = { messageId: "m-login", eventName: "identify", identityChangeId: "merge-of-ana" };
    await scene.deny("ana", cause);
    await world.calm();
    const [exit] = (await scene.ledger()).filter((line) => line.kind === "EXITED");
    expect(exit!.lineage).toMatchObject({
      event: { messageId: "m-login", name: "identify" },
      identityChange: { id: "merge-of-ana", kind: "MERGE" },
    });
  });

  test("when it was never given, then nothing is sent, the ledger says why, and leaving is silent", async () => {
    const scene = await world.scene();
    await scene.deny("ana");
    await scene.enter("ana");
    await world.calm();
    expect(await scene.ledger()).toMatchObject([
      {
        status: "WITHHELD",
        lineage: { consentDecision: { outcome: "DENY", reasons: [{ code: "NO_CONSENT" }] } },
      },
    ]);
    await scene.leave("ana");
    await world.calm();
    expect((await scene.ledger()).map((line) => line.status)).toEqual(["SUPERSEDED"]);
    expect(scene.hook.received).toEqual([]);
  });

  test("when it is given later, then the person is let in", async () => {
    const scene = await world.scene();
    await scene.deny("ana");
    await scene.enter("ana");
    await world.calm();
    await scene.grant("ana");
    await world.calm();
    expect(scene.told).toEqual(["entered ana"]);
  });

  test("when one of two addresses is suppressed, then the person is in with the other one alone", async () => {
    const scene = await world.scene();
    const ana = scene.person("ana");
    const [work, home] = [`${ana}@work.example`, `${ana}@home.example`];
    world.fakes.persons.set(ana, { identifiers: [`email:${work}`, `email:${home}`], traits: {} });
    const told = () =>
      scene.hook.accepted.map(({ type, body }) => {
        const { identifiers } = body.data.person;
        return [type, ...identifiers.map(({ value }) => value)];
      });
    const asked = async () => {
      world.clock.advanceMs(1);
      await world.consent(ana);
      await world.calm();
    };
    await scene.enter("ana");
    await world.calm();
    world.fakes.suppressed.add(work);
    await asked();
    await asked();
    const story = [
      ["audience.entered", work, home],
      ["audience.exited", work, home],
      ["audience.entered", home],
    ];
    expect(told()).toEqual(story);
    world.fakes.suppressed.add(home);
    await asked();
    expect(told()).toEqual([...story, ["audience.exited", work, home]]);
    const decisions = (await scene.ledger()).map(({ kind, status, lineage }) => [
      kind,
      status,
      lineage.consentDecision?.reasons[0]?.code,
    ]);
    // Messages of one instant stand in the ledger in no certain order.
    expect(decisions.sort()).toEqual([
      ["ENTERED", "DELIVERED", "CONSENT_GRANTED"],
      ["ENTERED", "DELIVERED", "CONSENT_GRANTED"],
      ["ENTERED", "WITHHELD", "SUPPRESSED_MANUAL"],
      ["EXITED", "DELIVERED", "ADDRESS_SUPPRESSED"],
      ["EXITED", "DELIVERED", "SUPPRESSED_MANUAL"],
    ]);
  });

  test("when somebody who is in gains an address that is suppressed already, then nothing is sent, also when the entry is no longer in the ledger", async () => {
    const scene = await world.scene();
    const ana = scene.person("ana");
    const [home, work, old] = [`${ana}@home.example`, `${ana}@work.example`, `${ana}@old.example`];
    world.fakes.suppressed.add(work).add(old);
    world.fakes.persons.set(ana, { identifiers: [`email:${home}`], traits: {} });
    const asked = async () => {
      world.clock.advanceMs(1);
      await world.consent(ana);
      await world.calm();
    };
    await scene.enter("ana");
    await world.calm();
    const gained = { identifiers: [`email:${home}`, `email:${work}`], traits: {} };
    world.fakes.persons.set(ana, gained);
    await asked();
    expect(scene.told).toEqual(["entered ana"]);
    await new PostgresLedgerStore().expire(world.platform.database, "delivery_9", 1_000);
    expect(await scene.ledger()).toEqual([]);
    gained.identifiers.push(`email:${old}`);
    await asked();
    expect(scene.told).toEqual(["entered ana"]);
    world.fakes.suppressed.add(home).delete(work);
    await asked();
    expect(scene.told).toEqual(["entered ana", "exited ana", "entered ana"]);
  });

  test("when an address is suppressed while an entry with it may have arrived, then it is taken back", async () => {
    const scene = await world.scene();
    const ana = scene.person("ana");
    const [work, home] = [`${ana}@work.example`, `${ana}@home.example`];
    world.fakes.persons.set(ana, { identifiers: [`email:${work}`, `email:${home}`], traits: {} });
    scene.hook.answer = () => 504;
    await scene.enter("ana");
    await world.calm();
    scene.hook.answer = () => 200;
    world.fakes.suppressed.add(work);
    await world.later(10_000);
    const accepted = scene.hook.accepted.map(({ type, body }) => [
      type,
      body.data.person.identifiers.length,
    ]);
    expect(accepted).toEqual([
      ["audience.exited", 2],
      ["audience.entered", 1],
    ]);
  });

  test("when the purpose itself changes, then everybody is asked about anew", async () => {
    const scene = await world.scene();
    await scene.enter("ana", "bo");
    await world.calm();
    world.fakes.denied.add(scene.person("bo"));
    await world.consent(null);
    await world.calm();
    expect(scene.told.sort()).toEqual(["entered ana", "entered bo", "exited bo"]);
  });

  test("when it cannot be asked, then nothing is sent, it shows, and nothing is lost", async () => {
    const scene = await world.scene();
    world.fakes.down.add("consent");
    await scene.enter("ana");
    const held = async () => (await scene.ledger())[0]?.heldBecause === "CONSENT_UNREACHABLE";
    await world.until(held, "the hold");
    expect(scene.hook.received).toEqual([]);
    world.fakes.down.clear();
    await world.later(60_000);
    expect(scene.told).toEqual(["entered ana"]);
  });

  test("when it cannot be asked, then who left is told so all the same", async () => {
    const scene = await world.scene();
    await scene.enter("ana");
    await world.calm();
    world.fakes.down.add("consent");
    await scene.enter("bo");
    await scene.leave("ana");
    await world.until(() => scene.told.includes("exited ana"), "the exit");
    expect(scene.told).toEqual(["entered ana", "exited ana"]);
    world.fakes.down.clear();
    await world.later(60_000);
    expect(scene.told).toEqual(["entered ana", "exited ana", "entered bo"]);
  });

  test("when it defers, then the person waits and is let in after the time", async () => {
    const scene = await world.scene();
    world.fakes.deferred.add(scene.person("ana"));
    await scene.enter("ana");
    await world.calm();
    expect(scene.told).toEqual([]);
    world.fakes.deferred.clear();
    await world.later(6 * 60_000);
    expect(scene.told).toEqual(["entered ana"]);
  });
});

describe("given a merge", () => {
  test("when both were told, then the one merged away is taken out under its old id", async () => {
    const scene = await world.scene();
    await scene.enter("ana", "bo");
    await world.calm();
    const [from, to] = [scene.person("bo"), scene.person("ana")];
    await world.identity({ personIds: [to, from], redirects: [{ from, to }] });
    await world.platform.settle();
    await scene.leave("bo");
    await world.calm();
    expect(scene.told.sort()).toEqual(["entered ana", "entered bo", "exited bo"]);
    const [exit] = (await scene.ledger()).filter((line) => line.kind === "EXITED");
    expect(exit!.lineage).toMatchObject({
      identityChange: { id: "change_1", kind: "MERGE" },
      audienceVersion: 1,
    });
    const { deliveries } = (
      await world.ask<{ _entities: { deliveries: { nodes: unknown[] } }[] }>(
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person {
          deliveries(first: 10) { nodes { id person { id } } } } } }`,
        { of: [{ __typename: "Person", id: to }] },
      )
    )._entities[0]!;
    expect(deliveries.nodes).toHaveLength(3);
  });

  test("when a late entry of the id merged away arrives, then it is not told", async () => {
    const scene = await world.scene();
    const [from, to] = [scene.person("bo"), scene.person("ana")];
    await world.identity({ personIds: [to, from], redirects: [{ from, to }] });
    await world.platform.settle();
    await scene.enter("bo");
    await world.calm();
    expect(scene.told).toEqual([]);
  });

  test("when it is taken back, and the entry is heard of before that, then the entry is told", async () => {
    const scene = await world.scene();
    const [from, to] = [scene.person("bo"), scene.person("ana")];
    await world.identity({ personIds: [to, from], redirects: [{ from, to }] });
    await world.platform.settle();
    await scene.enter("bo");
    await world.platform.settle();
    await world.identity({
      kind: "SPLIT",
      personIds: [to, from],
      redirects: [{ from, to: from }],
    });
    await world.calm();
    expect(scene.told).toEqual(["entered bo"]);
  });
});
