import { expect, test } from "@jest/globals";
import { noCause } from "../../subgraphs/activation/domain/delivery.ts";
import { Inbox } from "../../subgraphs/activation/service/inbox.ts";
import { type DueDelivery, freshDelivery } from "../../subgraphs/activation/store/due-delivery.ts";

const at = new Date("2026-01-01T00:00:00.000Z");

function delivery(id: string): DueDelivery {
  const opened = {
    id,
    destination: "hook",
    sync: "sync",
    audience: "audience",
    personId: `person of ${id}`,
    kind: "ENTERED" as const,
    occurredAt: at,
    dueAt: at,
    cause: noCause,
    decision: null,
    touched: false,
  };
  const telling = { told: false, refused: false, member: true, memberVersion: 1, survivor: null };
  return freshDelivery(opened, telling, at);
}

/** An inbox over a table of ids; `reads` counts how often the table was asked. */
function inboxOver(...ids: string[]) {
  const table = ids.map(delivery);
  const asked: { limit: number; onlyExits: boolean }[] = [];
  const inbox = new Inbox((limit, onlyExits) => {
    asked.push({ limit, onlyExits });
    return Promise.resolve(table.splice(0, limit));
  });
  const next = async (limit: number, onlyExits = false) =>
    (await inbox.next(limit, onlyExits)).map(({ id }) => id);
  return { inbox, table, asked, next };
}

test("given a table that was read to its end, when deliveries are handed over, then they come without reading", async () => {
  const { inbox, asked, next } = inboxOver("a");
  expect(await next(10)).toEqual(["a"]);
  inbox.offer(["b", "c", "d"].map(delivery));
  expect(await next(2)).toEqual(["b", "c"]);
  expect(await next(2)).toEqual(["d"]);
  expect(asked.length).toBe(1);
});

test("given more in the table than was asked for, when others are handed over, then the table comes first", async () => {
  const { inbox, next } = inboxOver("a", "b", "c");
  expect(await next(2)).toEqual(["a", "b"]);
  inbox.offer([delivery("d")]);
  expect(await next(2)).toEqual(["c"]);
  expect(await next(2)).toEqual(["d"]);
});

test("given a delivery that was handed over and read, then it comes once", async () => {
  const { inbox, table, next } = inboxOver();
  inbox.offer(["a", "b"].map(delivery));
  table.push(delivery("a"));
  expect(await next(10)).toEqual(["a"]);
  expect(await next(10)).toEqual(["b"]);
  expect(await next(10)).toEqual([]);
});

test("given an empty inbox, then the table is asked each time: retries become due there", async () => {
  const { table, next } = inboxOver();
  expect(await next(10)).toEqual([]);
  table.push(delivery("retry"));
  expect(await next(10)).toEqual(["retry"]);
});

test("given more handed over than the inbox keeps, then the table is read again", async () => {
  const { inbox, asked, table, next } = inboxOver();
  await next(10);
  inbox.offer(Array.from({ length: 3_000 }, (_, number) => delivery(`${number}`)));
  table.push(delivery("0"));
  expect(await next(10)).toEqual(["0"]);
  expect(asked.length).toBe(2);
});

test("given that only exits may leave, then nothing comes from the inbox, and all is read afterwards", async () => {
  const { inbox, asked, next } = inboxOver();
  await next(10);
  inbox.offer([delivery("a")]);
  expect(await next(10, true)).toEqual([]);
  expect(await next(10)).toEqual([]);
  expect(asked.map(({ onlyExits }) => onlyExits)).toEqual([false, true, false]);
});
