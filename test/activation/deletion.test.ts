import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ActivationWorld, type Scene } from "./activation-world.ts";

let world: ActivationWorld;

beforeAll(async () => {
  world = await ActivationWorld.start({ ACTIVATION_RETRY_PAUSES: "PT10S" });
}, 120_000);
afterAll(() => world.stop());

interface Deleted {
  name: string;
  state: string;
  deletedAt: string | null;
}

interface DeletionAnswer {
  deleted: Deleted | null;
  problems: { code: string; message: string; path: string[] }[];
}

async function deleteSync(name: string): Promise<DeletionAnswer> {
  const { deleteSync: answer } = await world.ask<{ deleteSync: DeletionAnswer }>(
    `mutation ($name: String!) { deleteSync(input: { name: $name }) {
       deleted: sync { name state deletedAt isBackfilling } problems { code message path } } }`,
    { name },
  );
  return answer;
}

async function deleteDestination(name: string, deleteSyncs?: boolean): Promise<DeletionAnswer> {
  const { deleteDestination: answer } = await world.ask<{ deleteDestination: DeletionAnswer }>(
    `mutation ($input: DeleteDestinationInput!) { deleteDestination(input: $input) {
       deleted: destination { name state deletedAt settings } problems { code message path } } }`,
    { input: { name, ...(deleteSyncs === undefined ? {} : { deleteSyncs }) } },
  );
  return answer;
}

async function statuses(scene: Scene): Promise<string[]> {
  const lines = await scene.ledger();
  return lines.map((line) => `${line.person.id.split("-")[0]} ${line.kind} ${line.status}`).sort();
}

describe("given a sync that is deleted", () => {
  test("when it has told of somebody, then nobody is told out and nothing is told any more", async () => {
    const scene = await world.scene();
    await scene.enter("ana");
    await world.calm();
    expect(await deleteSync(scene.name)).toMatchObject({
      deleted: { name: scene.name, state: "DELETED", deletedAt: world.clock.now().toISOString() },
      problems: [],
    });
    await scene.leave("ana");
    await scene.enter("bo");
    await scene.deny("ana");
    await world.calm();
    expect(scene.told).toEqual(["entered ana"]);
    expect(await statuses(scene)).toEqual(["ana ENTERED DELIVERED"]);
  });

  test("when messages wait, are withheld or dead, then they stay in the ledger, CANCELLED and why", async () => {
    const scene = await world.scene();
    scene.hook.answer = ({ personId }) => (personId.startsWith("dora") ? 400 : 500);
    world.fakes.denied.add(scene.person("carl"));
    await scene.enter("bo", "carl", "dora");
    await world.calm();
    expect(await statuses(scene)).toEqual([
      "bo ENTERED RETRYING",
      "carl ENTERED WITHHELD",
      "dora ENTERED DEAD",
    ]);
    await deleteSync(scene.name);
    expect(await statuses(scene)).toEqual([
      "bo ENTERED CANCELLED",
      "carl ENTERED CANCELLED",
      "dora ENTERED CANCELLED",
    ]);
    const { deliveries } = await world.ask<{ deliveries: { nodes: unknown[] } }>(
      `{ deliveries(filter: { sync: "${scene.name}" }) { nodes {
           note nextAttemptAt attemptCount sync { name state } destination { name state } } } }`,
    );
    expect(deliveries.nodes).toHaveLength(3);
    expect(deliveries.nodes).toContainEqual({
      note: "The sync was deleted",
      nextAttemptAt: null,
      attemptCount: 1,
      sync: { name: scene.name, state: "DELETED" },
      destination: { name: scene.name, state: "ACTIVE" },
    });
    const { destination } = await world.ask<{ destination: unknown }>(
      `{ destination(name: "${scene.name}") { syncs { name } backlog { waiting withheld dead } } }`,
    );
    expect(destination).toEqual({ syncs: [], backlog: { waiting: 0, withheld: 0, dead: 0 } });
    scene.hook.answer = () => 200;
    await scene.grant("carl");
    await world.later(60_000);
    expect(scene.told).toEqual([]);
  });

  test("when the ledger is followed, then every message that it ended is announced", async () => {
    const scene = await world.scene();
    scene.hook.answer = () => 500;
    await scene.enter("ana");
    await world.calm();
    await deleteSync(scene.name);
    const [line] = await scene.ledger();
    const rows = await world.platform.database.query<{ payload: string }>(
      "select payload::text as payload from streams.deliveries where key = $1 order by position",
      [line!.id],
    );
    const told = rows.map((row) => (JSON.parse(row.payload) as { status: string }).status);
    expect(told).toEqual(["PENDING", "RETRYING", "CANCELLED"]);
  });

  test("when it is paused, then what it keeps is cancelled too, and it cannot be resumed", async () => {
    const scene = await world.scene();
    await world.ask(`mutation { pauseSync(input: { name: "${scene.name}" }) { sync { state } } }`);
    await scene.enter("ana");
    await world.calm();
    await deleteSync(scene.name);
    expect(await statuses(scene)).toEqual(["ana ENTERED CANCELLED"]);
    const resumed = await world.ask(
      `mutation { resumeSync(input: { name: "${scene.name}" }) { sync { state } problems { code } } }`,
    );
    expect(resumed).toEqual({ resumeSync: { sync: null, problems: [{ code: "UNKNOWN_SYNC" }] } });
  });

  test("when an attempt is under way, then it ends in its own time and its outcome stands", async () => {
    const scene = await world.scene();
    let open: ServerResponse | undefined;
    scene.hook.answer = (_webhook, response) => {
      open = response;
      return null;
    };
    await scene.enter("ana");
    await world.until(() => open !== undefined, "the attempt");
    expect((await deleteSync(scene.name)).problems).toEqual([]);
    expect(await statuses(scene)).toEqual(["ana ENTERED SENDING"]);
    expect(await scene.sync()).toMatchObject([{ code: "NAME_TAKEN", path: ["name"] }]);
    open!.writeHead(204).end();
    await world.until(
      async () => (await statuses(scene))[0] === "ana ENTERED DELIVERED",
      "the outcome",
    );
  });

  test("when an attempt under way fails, then it is cancelled, not tried again", async () => {
    const scene = await world.scene();
    let open: ServerResponse | undefined;
    scene.hook.answer = (_webhook, response) => {
      open = response;
      return null;
    };
    await scene.enter("ana");
    await world.until(() => open !== undefined, "the attempt");
    await deleteSync(scene.name);
    open!.writeHead(500).end();
    await world.until(
      async () => (await statuses(scene))[0] === "ana ENTERED CANCELLED",
      "cancelling",
    );
    expect(await scene.ledger()).toMatchObject([{ attempts: [{ httpStatus: 500 }] }]);
  });

  test("when a sync of its name is made, then it tells of the present members anew", async () => {
    const scene = await world.scene();
    await scene.enter("ana");
    await world.calm();
    await deleteSync(scene.name);
    expect(await scene.sync({ identifiers: ["user_id"] })).toEqual([]);
    await world.calm();
    expect(scene.told).toEqual(["entered ana", "entered ana"]);
    await scene.leave("ana");
    await world.calm();
    expect(scene.told.at(-1)).toBe("exited ana");
  });

  test("when it is deleted again, then nothing changes; when it never was, it is unknown", async () => {
    const scene = await world.scene();
    const first = await deleteSync(scene.name);
    world.clock.advanceMs(1_000);
    expect(await deleteSync(scene.name)).toEqual(first);
    expect(await deleteSync("never-was")).toMatchObject({
      deleted: null,
      problems: [{ code: "UNKNOWN_SYNC", path: ["name"] }],
    });
  });

  test("when more waits than can be waited for, then the rest is ended in the background", async () => {
    const scene = await world.scene();
    await world.ask(`mutation { pauseSync(input: { name: "${scene.name}" }) { sync { state } } }`);
    const names = Array.from({ length: 10_700 }, (_, index) => `p${index}`);
    await scene.enter(...names);
    await world.platform.settle();
    expect((await deleteSync(scene.name)).problems).toEqual([]);
    const open = async () => {
      const [row] = await world.platform.database.query<{ waiting: number; cancelled: number }>(
        `select count(*) filter (where status = 'PENDING')::int as waiting,
           count(*) filter (where status = 'CANCELLED')::int as cancelled
         from activation.deliveries where sync = $1`,
        [scene.name],
      );
      return row!;
    };
    expect((await open()).cancelled).toBeGreaterThanOrEqual(10_000);
    await world.until(async () => (await open()).waiting === 0, "ending the rest");
    expect((await open()).cancelled).toBe(names.length);
    expect(scene.told).toEqual([]);
  }, 60_000);

  test("when another sync of the destination goes on, then it is untouched", async () => {
    const scene = await world.scene();
    await scene.sync({ name: `${scene.name}-other` });
    scene.hook.answer = () => 500;
    await scene.enter("ana");
    await world.calm();
    await deleteSync(scene.name);
    scene.hook.answer = () => 200;
    await world.later(20_000);
    expect(scene.told).toEqual(["entered ana"]);
    const kept = await scene.ledger({ sync: `${scene.name}-other` });
    expect(kept).toMatchObject([{ status: "DELIVERED" }]);
  });
});

describe("given a destination that is deleted", () => {
  test("when it has syncs, then it is refused by their names, unless they are deleted with it", async () => {
    const scene = await world.scene();
    await scene.sync({ name: `${scene.name}-other` });
    const refused = await deleteDestination(scene.name);
    expect(refused).toMatchObject({
      deleted: null,
      problems: [{ code: "DESTINATION_IN_USE", path: ["name"] }],
    });
    expect(refused.problems[0]!.message).toContain(`${scene.name}, ${scene.name}-other`);
    await scene.enter("ana");
    await world.calm();
    await world.later(1_000);
    expect(scene.told).toEqual(["entered ana", "entered ana"]);
    expect(await deleteDestination(scene.name, true)).toMatchObject({
      deleted: { name: scene.name, state: "DELETED", settings: {} },
      problems: [],
    });
    const found = await world.ask(
      `{ sync(name: "${scene.name}-other") { state }
         destinations(first: 500) { nodes { name } } syncs(first: 500) { nodes { name } } }`,
    );
    expect(found).toMatchObject({ sync: { state: "DELETED" } });
    expect(JSON.stringify(found)).not.toContain(scene.name);
  });

  test("when it is gone, then nothing of its settings and secrets is stored, and nothing changes it", async () => {
    const scene = await world.scene({
      settings: { headers: { "x-token": "token-of-deletion" } },
      sync: null,
    });
    await deleteDestination(scene.name);
    const [row] = await world.platform.database.query<{ settings: string; secrets: string }>(
      "select settings, secrets from activation.destinations where name = $1",
      [scene.name],
    );
    expect(row).toEqual({ settings: "open:{}", secrets: "open:[]" });
    const input = `{ name: "${scene.name}" }`;
    const answers = await world.ask<Record<string, { problems: { code: string }[] }>>(
      `mutation ($settings: JSON!) {
         pauseDestination(input: ${input}) { problems { code } }
         resumeDestination(input: ${input}) { problems { code } }
         rotateSigningSecret(input: ${input}) { problems { code } }
         updateDestination(input: { name: "${scene.name}", settings: $settings }) {
           problems { code } } }`,
      { settings: { url: scene.hook.url } },
    );
    const codes = Object.values(answers).flatMap(({ problems }) =>
      problems.map(({ code }) => code),
    );
    expect(codes).toEqual(Array(4).fill("UNKNOWN_DESTINATION"));
    expect(await scene.sync()).toMatchObject([{ code: "UNKNOWN_DESTINATION" }]);
  });

  test("when one of its name is made, then it sends with settings and secrets of its own", async () => {
    const scene = await world.scene();
    scene.hook.answer = () => 500;
    await scene.enter("ana");
    await world.calm();
    await deleteDestination(scene.name, true);
    const hook = await world.receiver();
    await world.destination(scene.name, hook);
    expect(await scene.sync()).toEqual([]);
    await world.calm();
    expect(hook.told).toEqual([`audience.entered ${scene.person("ana")}`]);
    expect(hook.forgeries).toBe(0);
    expect(await statuses(scene)).toEqual(["ana ENTERED CANCELLED", "ana ENTERED DELIVERED"]);
  });

  test("when it is deleted again, then nothing changes; when it never was, it is unknown", async () => {
    const scene = await world.scene({ sync: null });
    const first = await deleteDestination(scene.name);
    world.clock.advanceMs(1_000);
    expect(await deleteDestination(scene.name)).toEqual(first);
    expect(await deleteDestination("never-was")).toMatchObject({
      deleted: null,
      problems: [{ code: "UNKNOWN_DESTINATION", path: ["name"] }],
    });
  });
});
