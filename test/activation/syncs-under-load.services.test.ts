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
});
