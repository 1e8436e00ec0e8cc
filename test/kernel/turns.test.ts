import { expect, test } from "@jest/globals";
import { Turns } from "../../kernel/database/turns.ts";

/** Enters in that order while the session is taken; says who came when, each taking `msEach`. */
async function play(order: string, msEach: number): Promise<string> {
  let now = 1;
  const turns = new Turns(() => now);
  await turns.enter("awaited");
  let served = "";
  const all = [...order].map(async (who) => {
    await turns.enter(who === "a" ? "awaited" : who === "f" ? "followed" : "background");
    served += who;
    now += msEach;
    turns.sent();
    turns.leave();
  });
  turns.sent();
  turns.leave();
  await Promise.all(all);
  return served;
}

test("given all wait, when turns are short, then the more urgent go first", async () => {
  expect(await play("bbffaa", 1)).toBe("aaffbb");
});

test("given urgent ones that never end, when their time is up, then the others have a turn", async () => {
  expect(await play(`bb${"f".repeat(6)}${"a".repeat(18)}`, 10)).toMatch(/^aaafaaafa{1,3}b/);
});

test.each([1, 5, 10, 25, 40])(
  "given more than can be done, when turns last %s ms, then nobody waits for ever",
  async (msEach) => {
    const served = await play(`${"b".repeat(3)}${"f".repeat(200)}${"a".repeat(400)}`, msEach);
    expect(served.indexOf("b")).toBeLessThanOrEqual(Math.ceil(90 / msEach) + 2);
    expect(served.indexOf("f")).toBeLessThanOrEqual(Math.ceil(30 / msEach) + 2);
  },
);

test("given nobody in front, then the background goes on in order", async () => {
  expect(await play("bbb", 10)).toBe("bbb");
});

test("given the last has left, when somebody enters, then it is his turn at once", async () => {
  const turns = new Turns();
  await turns.enter("background");
  turns.sent();
  turns.leave();
  await expect(turns.enter("awaited")).resolves.toBeUndefined();
});

test("given turns whose last statement is under way, when others wait, then one follows at once and the next when the first is answered", async () => {
  const turns = new Turns();
  let served = "";
  const come = (who: string) => turns.enter("awaited").then(() => void (served += who));
  await come("a");
  void come("b");
  void come("c");
  void come("d");
  await Promise.resolve();
  expect(served).toBe("a");
  turns.sent();
  await Promise.resolve();
  expect(served).toBe("ab");
  turns.sent();
  await Promise.resolve();
  expect(served).toBe("ab");
  turns.leave();
  await Promise.resolve();
  expect(served).toBe("abc");
});
