import { expect, test } from "@jest/globals";
import { Turns } from "../../kernel/database/turns.ts";

/** Enters in that order while the session is taken; says who came when, each taking `msEach`. */
async function play(order: string, msEach: number): Promise<string> {
  let now = 1;
  const turns = new Turns(() => now);
  await turns.enter(false);
  let served = "";
  const all = [...order].map(async (who) => {
    await turns.enter(who === "b");
    served += who;
    now += msEach;
    turns.leave();
  });
  turns.leave();
  await Promise.all(all);
  return served;
}

test("given both wait, when turns are short, then the foreground goes first", async () => {
  expect(await play("bbff", 1)).toBe("ffbb");
});

test("given a foreground that never ends, when its time is up, then the background has a turn", async () => {
  expect(await play("bbffffff", 10)).toBe("fffbfffb");
});

test("given nobody in front, then the background goes on in order", async () => {
  expect(await play("bbb", 10)).toBe("bbb");
});

test("given the last has left, when somebody enters, then it is his turn at once", async () => {
  const turns = new Turns();
  await turns.enter(true);
  turns.leave();
  await expect(turns.enter(false)).resolves.toBeUndefined();
});
