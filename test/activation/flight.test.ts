import { expect, test } from "@jest/globals";
import { Flight } from "../../subgraphs/activation/service/flight.ts";

/** Takes as many as there is room for; gives what ends each. */
function fill(flight: Flight) {
  return Array.from({ length: flight.room() }, () => {
    const attempt = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    flight.add(attempt.promise, written.promise);
    return { attempt, written };
  });
}

async function isWaiting(flight: Flight): Promise<boolean> {
  const waits = flight.untilRoom().then(() => false);
  return Promise.race([waits, new Promise<boolean>((resolve) => setImmediate(resolve, true))]);
}

test("given slow attempts, when all slots are taken, then there is room again once half of them have ended, well or not", async () => {
  const flight = new Flight(10);
  for (let attempt = 0; attempt < 1_000; attempt += 1) flight.took(10_000);
  const taken = fill(flight);
  expect(taken).toHaveLength(10);
  for (const { attempt, written } of taken.slice(0, 4)) {
    attempt.resolve();
    written.resolve();
  }
  expect(await isWaiting(flight)).toBe(true);
  const room = flight.untilRoom();
  taken[4]!.attempt.reject(new Error("a broken line"));
  await room;
  expect(flight.room()).toBe(5);
});

test("given attempts that end before their outcomes are written, when too many wait to be written, then there is no room until some are", async () => {
  const flight = new Flight(500);
  const waiting: PromiseWithResolvers<void>[] = [];
  while (flight.room() > 0) {
    const taken = fill(flight);
    for (const { attempt, written } of taken) {
      attempt.resolve();
      waiting.push(written);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(waiting.length).toBeGreaterThanOrEqual(1_024);
  expect(await isWaiting(flight)).toBe(true);
  const landed = flight.landed();
  for (const written of waiting) written.resolve();
  await landed;
  expect(await isWaiting(flight)).toBe(false);
});
