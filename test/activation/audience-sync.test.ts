import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { ActivationWorld } from "./activation-world.ts";
import type { WebhookReceiver } from "./webhook-receiver.ts";

let world: ActivationWorld;
let hook: WebhookReceiver;

beforeEach(async () => {
  world = await ActivationWorld.start();
  hook = await world.receiver();
  await world.destination("hook", hook);
});

afterEach(async () => {
  await world.stop();
});

describe("given a sync of an audience", () => {
  test("when a person enters and leaves, then both are told, signed, with what the sync names", async () => {
    expect(await world.sync("buyers-to-hook", "hook")).toEqual([]);
    await world.memberships([
      {
        personId: "ana",
        version: 3,
        cause: { messageId: "m-1", eventName: "order", rule: null, decision: null, identityChangeId: null },
      },
    ]);
    await world.calm();
    await world.members("EXITED", "ana");
    await world.calm();
    expect(hook.told).toEqual(["audience.entered ana", "audience.exited ana"]);
    expect(hook.forgeries).toBe(0);
    const [entered] = hook.received;
    expect(entered!.body).toEqual({
      type: "audience.entered",
      timestamp: "2026-03-01T12:00:00.000Z",
      data: {
        person: {
          id: "ana",
          identifiers: [{ namespace: "email", value: "ana@example.com" }],
          traits: { first_name: "Name of ana" },
        },
        audience: { name: "buyers", version: 3 },
        deliveryId: entered!.id,
      },
    });
    const [line] = await world.ledger();
    expect(line).toMatchObject({
      id: entered!.id,
      kind: "ENTERED",
      status: "DELIVERED",
      attemptCount: 1,
      attempts: [{ number: 1, outcome: "DELIVERED", httpStatus: 200, message: null }],
      lineage: {
        event: { messageId: "m-1", name: "order" },
        audience: { name: "buyers" },
        audienceVersion: 3,
        consentDecision: { outcome: "ALLOW", reasons: [{ code: "CONSENT_GRANTED" }] },
      },
    });
  });

  test("when it is created after people entered, then those present are told, and only those", async () => {
    await world.members("ENTERED", "ana", "bo", "cy");
    await world.members("EXITED", "bo");
    await world.platform.settle();
    await world.sync("late", "hook");
    await world.calm();
    expect(hook.told.sort()).toEqual(["audience.entered ana", "audience.entered cy"]);
  });
});

describe("given consent", () => {
  test("when it is withdrawn and granted again, then the person is taken out and let in", async () => {
    await world.sync("s", "hook");
    await world.members("ENTERED", "ana");
    await world.calm();
    world.fakes.denied.add("ana");
    await world.consent("ana");
    await world.calm();
    expect(hook.told).toEqual(["audience.entered ana", "audience.exited ana"]);
    world.fakes.denied.clear();
    await world.consent("ana");
    await world.calm();
    expect(hook.told).toEqual([
      "audience.entered ana",
      "audience.exited ana",
      "audience.entered ana",
    ]);
  });

  test("when it was never given, then nothing is sent, the ledger says why, and leaving is silent", async () => {
    world.fakes.denied.add("ana");
    await world.sync("s", "hook");
    await world.members("ENTERED", "ana");
    await world.calm();
    expect(await world.ledger()).toMatchObject([
      {
        status: "WITHHELD",
        lineage: { consentDecision: { outcome: "DENY", reasons: [{ code: "NO_CONSENT" }] } },
      },
    ]);
    await world.members("EXITED", "ana");
    await world.calm();
    expect((await world.ledger()).map((line) => line.status)).toEqual(["SUPERSEDED"]);
    expect(hook.received).toEqual([]);
  });

  test("when it is given later, then the person is let in", async () => {
    world.fakes.denied.add("ana");
    await world.sync("s", "hook");
    await world.members("ENTERED", "ana");
    await world.calm();
    world.fakes.denied.clear();
    await world.consent("ana");
    await world.calm();
    expect(hook.told).toEqual(["audience.entered ana"]);
  });

  test("when consent cannot be asked, then nothing is sent, it shows, and nothing is lost", async () => {
    await world.sync("s", "hook");
    world.fakes.down.add("consent");
    await world.members("ENTERED", "ana");
    await world.until(async () => (await world.ledger())[0]?.heldBecause === "CONSENT_UNREACHABLE");
    expect(hook.received).toEqual([]);
    world.fakes.down.clear();
    world.clock.advanceMs(60_000);
    await world.calm();
    expect(hook.told).toEqual(["audience.entered ana"]);
  });

  test("when consent cannot be asked, then who left is told so all the same", async () => {
    await world.sync("s", "hook");
    await world.members("ENTERED", "ana");
    await world.calm();
    world.fakes.down.add("consent");
    await world.members("ENTERED", "bo");
    await world.members("EXITED", "ana");
    await world.until(() => hook.told.includes("audience.exited ana"), "the exit");
    expect(hook.told).toEqual(["audience.entered ana", "audience.exited ana"]);
  });
});
