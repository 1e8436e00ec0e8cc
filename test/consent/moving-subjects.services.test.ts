import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ConsentWorld, type Move } from "./consent-world.ts";

let world: ConsentWorld;

beforeAll(async () => {
  if (!process.env.TEST_DATABASE_URL) throw new Error("this test needs TEST_DATABASE_URL");
  world = await ConsentWorld.open();
  await world.define("marketing");
}, 120_000);
afterAll(() => world?.platform.stop());

describe("given identifiers that change hands, on an engine with many sessions", () => {
  test("when statements are made meanwhile, then each is announced with the person who has it", async () => {
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    const moves = (from: string | null, to: string) =>
      numbers.map(
        (number): Move => [`user_id:${number}`, from && `${from}${number}`, `${to}${number}`],
      );
    await world.change("CREATE", "2026-01-01T00:00:00Z", moves(null, "old_"));
    const said: Promise<unknown>[] = [];
    for (const move of moves("old_", "new_")) {
      const moved = world.change("MERGE", "2026-02-01T00:00:00Z", [move]);
      said.push(moved);
      for (let turn = 0; turn < said.length % 7; turn += 1)
        await world.platform.streams.head("identity");
      said.push(world.record(move[0], { kind: "WITHDRAW" }));
    }
    await Promise.all(said);
    await world.platform.settle();
    const told = new Set((await world.announced()).map((change) => change["personId"]));
    expect(numbers.filter((number) => !told.has(`new_${number}`))).toEqual([]);
  });
});
