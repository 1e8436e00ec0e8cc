import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ActivationWorld } from "./activation-world.ts";

let world: ActivationWorld;

beforeAll(async () => {
  world = await ActivationWorld.start({ ACTIVATION_RETRY_PAUSES: "PT10S,PT1M" });
}, 120_000);
afterAll(() => world.stop());

async function replay(destination: string, statuses: string[]): Promise<unknown> {
  return world.ask(
    `mutation ($input: ReplayDeliveriesInput!) {
      replayDeliveries(input: $input) { run { id matched queued } problems { code path } } }`,
    { input: { filter: { destination, statuses }, reason: "Endpoint repaired" } },
  );
}

describe("given an endpoint that fails", () => {
  test("when it recovers, then the message arrives under the same webhook-id, all attempts in the ledger", async () => {
    const scene = await world.scene();
    scene.hook.answer = () => (scene.hook.received.length < 3 ? 500 : 204);
    await scene.enter("ana");
    await world.calm();
    expect(await scene.ledger()).toMatchObject([{ status: "RETRYING", attemptCount: 1 }]);
    await world.later(13_000);
    await world.later(80_000);
    expect(new Set(scene.hook.received.map((one) => one.id)).size).toBe(1);
    expect(scene.hook.forgeries).toBe(0);
    expect(await scene.ledger()).toMatchObject([
      {
        status: "DELIVERED",
        attempts: [
          { number: 1, outcome: "REFUSED", httpStatus: 500 },
          { number: 2, outcome: "REFUSED", httpStatus: 500 },
          { number: 3, outcome: "DELIVERED", httpStatus: 204 },
        ],
      },
    ]);
  });

  test("when it fails too often, then the letter is dead until it is replayed, consent asked anew", async () => {
    const scene = await world.scene();
    scene.hook.answer = () => 503;
    await scene.enter("ana", "bo");
    await world.calm();
    await world.later(13_000);
    await world.later(80_000);
    expect((await scene.ledger()).map((line) => line.status)).toEqual(["DEAD", "DEAD"]);
    scene.hook.answer = () => 200;
    world.fakes.denied.add(scene.person("bo"));
    expect(await replay(scene.name, ["DEAD"])).toMatchObject({
      replayDeliveries: { run: { matched: 2, queued: 2 }, problems: [] },
    });
    await world.calm();
    expect(scene.told).toEqual(["entered ana"]);
    expect((await scene.ledger()).map((line) => line.status).sort()).toEqual([
      "DELIVERED",
      "WITHHELD",
    ]);
    expect(
      new Set(
        scene.hook.received.filter((one) => one.personId.startsWith("ana")).map((one) => one.id),
      ).size,
    ).toBe(1);
  });

  test("when it says 400, then the letter is dead at once", async () => {
    const scene = await world.scene();
    scene.hook.answer = () => 400;
    await scene.enter("ana");
    await world.calm();
    expect(await scene.ledger()).toMatchObject([{ status: "DEAD", attemptCount: 1 }]);
  });

  test("when it says 410, then the destination is disabled until it is resumed", async () => {
    const scene = await world.scene();
    scene.hook.answer = () => 410;
    await scene.enter("ana");
    const state = async () =>
      (
        await world.ask<{ destination: { state: string } }>(
          `{ destination(name: "${scene.name}") { state stateReason } }`,
        )
      ).destination.state;
    await world.until(async () => (await state()) === "DISABLED", "disabling");
    scene.hook.answer = () => 200;
    await scene.enter("bo");
    await world.platform.settle();
    expect(scene.hook.received).toHaveLength(1);
    await world.ask(
      `mutation { resumeDestination(input: { name: "${scene.name}" }) { destination { state } } }`,
    );
    await world.calm();
    expect(scene.told).toEqual(["entered bo"]);
  });

  test("when somebody leaves before it ever accepted the entry, then no exit is told", async () => {
    const scene = await world.scene();
    scene.hook.answer = () => 500;
    await scene.enter("ana");
    await world.calm();
    await scene.leave("ana");
    scene.hook.answer = () => 200;
    await world.later(20_000);
    expect(scene.told).toEqual([]);
    expect((await scene.ledger()).map((line) => line.status)).toEqual(["SUPERSEDED"]);
  });

  test("when it never answered, so that it may know, then who leaves is told out", async () => {
    const scene = await world.scene({ settings: { timeoutMs: 150 } });
    scene.hook.answer = () => null;
    await scene.enter("ana");
    await world.until(async () => (await scene.ledger())[0]?.status === "RETRYING", "the timeout");
    scene.hook.answer = () => 200;
    await scene.leave("ana");
    await world.later(20_000);
    expect(scene.told).toEqual(["exited ana"]);
  });

  test("when it is replayed for statuses that cannot be, then there is a problem", async () => {
    expect(await replay("any", ["DELIVERED"])).toMatchObject({
      replayDeliveries: { run: null, problems: [{ code: "NOT_REPLAYABLE" }] },
    });
  });
});

describe("given two destinations", () => {
  test("when one never answers, then the other is not delayed", async () => {
    const slow = await world.scene({ settings: { concurrency: 2, timeoutMs: 30_000 } });
    const fast = await world.scene();
    slow.hook.answer = () => null;
    const names = Array.from({ length: 50 }, (_, index) => `p${index}`);
    await slow.enter(...names);
    await fast.enter(...names);
    await world.until(() => fast.told.length === 50, "the fast ones");
    expect(slow.hook.received.length).toBeLessThanOrEqual(2);
    await world.ask(
      `mutation { pauseDestination(input: { name: "${slow.name}" }) { destination { state } } }`,
    );
  });
});

describe("given a worker that was killed in the middle of an attempt", () => {
  /** An attempt of an entry is under way, and its worker is no more. */
  async function abandoned() {
    const scene = await world.scene({ settings: { timeoutMs: 10_000 } });
    let attempts = 0;
    scene.hook.answer = () => ((attempts += 1) === 1 ? null : 200);
    await scene.enter("ana");
    await world.until(() => attempts === 1, "the first attempt");
    const die = () =>
      world.platform.database.query(
        `update activation.deliveries set lease_until = null, claim = claim + 1
         where destination = $1 and lease_until is not null`,
        [scene.name],
      );
    return { scene, die };
  }

  test("when the person has left meanwhile, then what may have arrived is told out", async () => {
    const { scene, die } = await abandoned();
    await scene.leave("ana");
    await world.platform.settle();
    await die();
    await world.calm();
    expect(scene.told).toEqual(["exited ana"]);
    const statuses = (await scene.ledger()).map((line) => `${line.kind} ${line.status}`);
    expect(statuses.sort()).toEqual(["ENTERED SUPERSEDED", "EXITED DELIVERED"]);
  });

  test("when consent was withdrawn meanwhile, then what may have arrived is told out", async () => {
    const { scene, die } = await abandoned();
    world.fakes.denied.add(scene.person("ana"));
    await die();
    await world.calm();
    expect(scene.told).toEqual(["exited ana"]);
  });

  test("then the attempt is repeated under the same id, and the stale outcome is not written", async () => {
    const scene = await world.scene({ settings: { timeoutMs: 1_000 } });
    const hanging: (() => void)[] = [];
    scene.hook.answer = (_, response) => {
      if (hanging.length > 0) return 200;
      hanging.push(() => response.writeHead(400).end());
      return null;
    };
    await scene.enter("ana");
    await world.until(() => hanging.length === 1, "the first attempt");
    // As the next process does on starting.
    await world.platform.database.query(
      `update activation.deliveries set lease_until = null, claim = claim + 1
       where destination = $1 and lease_until is not null`,
      [scene.name],
    );
    await world.until(() => scene.hook.received.length === 2, "the repetition");
    hanging[0]!();
    await world.calm();
    const [first, second] = scene.hook.received;
    expect(second!.id).toBe(first!.id);
    expect(await scene.ledger()).toMatchObject([{ status: "DELIVERED", attemptCount: 1 }]);
  });
});

describe("given flapping members and an endpoint that fails at random", () => {
  test("then what it accepted alternates for each person and ends as things are", async () => {
    const scene = await world.scene();
    let count = 0;
    scene.hook.answer = () => ((count += 1) % 3 === 0 ? 500 : 200);
    const names = ["a", "b", "c", "d", "e"];
    const inside = new Set<string>();
    for (let step = 0; step < 40; step += 1) {
      const name = names[(step * 7) % 5]!;
      if (inside.delete(name)) await scene.leave(name);
      else {
        inside.add(name);
        await scene.enter(name);
      }
      if (step % 9 === 4) await world.later(15_000);
    }
    // An attempt under way would outlive its lease in one step of 80 s, and be repeated as uncertain.
    await world.calm();
    for (let round = 0; round < 4; round += 1) await world.later(80_000);
    for (const name of names) {
      const about = scene.told
        .filter((one) => one.endsWith(` ${name}`))
        .map((one) => one.split(" ")[0]);
      about.forEach((kind, index) => expect(kind).toBe(index % 2 === 0 ? "entered" : "exited"));
      expect(about.length % 2 === 1).toBe(inside.has(name));
    }
  });
});

describe("given the stream of statuses", () => {
  test("when somebody subscribes from the beginning, then each status of a delivery comes in order", async () => {
    const scene = await world.scene();
    scene.hook.answer = () => (scene.hook.received.length < 2 ? 500 : 200);
    await scene.enter("ana");
    await world.calm();
    await world.later(13_000);
    const entries = await world.platform.streams.read(
      world.platform.database,
      "deliveries",
      0,
      1_000,
    );
    const statuses = entries
      .map((entry) => entry.payload as { destination: string; status: string })
      .filter((change) => change.destination === scene.name)
      .map((change) => change.status);
    expect(statuses).toEqual(["PENDING", "RETRYING", "DELIVERED"]);
  });
});
