import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ActivationWorld } from "./activation-world.ts";

let world: ActivationWorld;

beforeAll(async () => {
  if (!process.env.TEST_DATABASE_URL) throw new Error("this test needs TEST_DATABASE_URL");
  world = await ActivationWorld.start();
}, 120_000);
afterAll(() => world?.stop());

const set = (act: "pauseSync" | "resumeSync", name: string) =>
  world.ask(`mutation { ${act}(input: { name: "${name}" }) { problems { code } } }`);

/** Whom the sync that there is now has told in. */
const delivered = (sync: string) =>
  world.platform.database.query(
    "select person_id from activation.tellings where sync = $1 and told and open_id is null",
    [sync],
  );

describe("given members who enter all the time, on an engine with many sessions", () => {
  test("when syncs are made, paused and resumed, then everybody is told, once", async () => {
    const scene = await world.scene();
    const entered: string[] = [];
    const enterSome = () => {
      const names = Array.from({ length: 2 }, (_, index) => `p${entered.length + index}`);
      entered.push(...names);
      return scene.enter(...names);
    };
    let syncs = 1;
    for (let round = 0; round < 120; round += 1) {
      const entering = [enterSome(), enterSome(), enterSome()];
      await set("pauseSync", scene.name);
      await set("resumeSync", scene.name);
      if (round % 15 === 7) {
        syncs += 1;
        expect(await scene.sync({ name: `${scene.name}-${syncs}` })).toEqual([]);
      }
      await Promise.all(entering);
    }
    const expected = entered.flatMap((name) => Array.from({ length: syncs }, () => name)).sort();
    const told = () => scene.told.map((line) => line.slice("entered ".length)).sort();
    for (let calms = 0; calms < 10 && told().length < expected.length; calms += 1) {
      await world.later(1_000);
    }
    expect(told()).toEqual(expected);
  });

  test("when syncs are deleted and made anew, then nothing is left behind and the last one tells all", async () => {
    const scene = await world.scene();
    const entered: string[] = [];
    for (let round = 0; round < 60; round += 1) {
      const names = Array.from({ length: 6 }, (_, index) => `p${entered.length + index}`);
      entered.push(...names);
      for (const name of names.slice(0, 2)) world.fakes.deferred.add(scene.person(name));
      const entering = [scene.enter(...names), world.consent(...names.map((n) => scene.person(n)))];
      await world.ask(
        `mutation { deleteSync(input: { name: "${scene.name}" }) { problems { code } } }`,
      );
      await world.until(async () => (await scene.sync()).length === 0, "making it anew");
      await Promise.all(entering);
    }
    world.fakes.deferred.clear();
    await world.later(10 * 60_000);
    await world.until(
      async () => (await delivered(scene.name)).length === entered.length,
      "telling",
    );
    const lines = await world.platform.database.query<{ orphans: number; open: number }>(
      `select (select count(*)::int from activation.checks c where not exists (
           select 1 from activation.tellings t
           where t.sync = c.sync and t.person_id = c.person_id)) as orphans,
         (select count(*)::int from activation.deliveries where sync = $1
           and status not in ('DELIVERED', 'CANCELLED', 'SUPERSEDED')) as open`,
      [scene.name],
    );
    expect(lines).toEqual([{ orphans: 0, open: 0 }]);
  });
});
