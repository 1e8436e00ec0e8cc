import { expect, jest, test } from "@jest/globals";
import fc from "fast-check";
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

/** An inbox over a table; what is handed over stands in the table first, as the product writes it. */
function inboxOver(...ids: string[]) {
  const table = new Map(ids.map((id) => [id, delivery(id)]));
  const asked: boolean[] = [];
  let meanwhile = () => {};
  const inbox = new Inbox(async (limit, onlyExits, except) => {
    asked.push(onlyExits);
    const known = new Set(except);
    const others = [...table.values()].filter(({ id }) => !known.has(id));
    const due = onlyExits ? [] : others.slice(0, limit);
    meanwhile();
    return due;
  });
  /** Whoever sends takes it out of the table. */
  const next = async (limit: number, onlyExits = false) => {
    const sent: string[] = [];
    for (const { id } of await inbox.next(limit, onlyExits)) if (table.delete(id)) sent.push(id);
    return sent;
  };
  const handOver = (...fresh: string[]) => {
    for (const id of fresh) table.set(id, delivery(id));
    inbox.offer(fresh.map(delivery));
  };
  const whileReading = (work: () => void) => {
    meanwhile = () => {
      meanwhile = () => {};
      work();
    };
  };
  return { table, asked, next, handOver, whileReading };
}

test("given a table that was read to its end, when deliveries are handed over, then they come without reading", async () => {
  const { asked, next, handOver } = inboxOver("a");
  expect(await next(10)).toEqual(["a"]);
  handOver("b", "c", "d");
  expect(await next(2)).toEqual(["b", "c"]);
  expect(await next(2)).toEqual(["d"]);
  expect(asked.length).toBe(1);
});

test("given more in the table than was asked for, when others are handed over, then all come in their order", async () => {
  const { next, handOver } = inboxOver("a", "b", "c");
  expect(await next(2)).toEqual(["a", "b"]);
  handOver("d");
  expect(await next(2)).toEqual(["c", "d"]);
  handOver("e");
  expect(await next(2)).toEqual(["e"]);
});

test("given a delivery handed over while the table is read, when it was not seen there, then it is not lost", async () => {
  const { next, handOver, whileReading } = inboxOver("a");
  whileReading(() => handOver("b"));
  expect(await next(10)).toEqual(["a"]);
  expect(await next(10)).toEqual(["b"]);
  expect(await next(10)).toEqual([]);
});

test("given an empty inbox, then the table is asked each time: retries become due there", async () => {
  const { table, next } = inboxOver();
  expect(await next(10)).toEqual([]);
  table.set("retry", delivery("retry"));
  expect(await next(10)).toEqual(["retry"]);
});

test("given deliveries in hand, when the table is read again for what else is due, then both come, the oldest first", async () => {
  const { asked, table, next, handOver } = inboxOver();
  const clock = jest.spyOn(performance, "now").mockReturnValue(10_000);
  try {
    await next(10);
    handOver("b", "c", "d");
    table.set("a", delivery("a"));
    expect(await next(1)).toEqual(["b"]);
    clock.mockReturnValue(12_000);
    expect(await next(2)).toEqual(["a", "c"]);
    handOver("e");
    expect(await next(10)).toEqual(["d", "e"]);
    expect(asked.length).toBe(2);
  } finally {
    clock.mockRestore();
  }
});

test("given that only exits may leave, then nothing comes from the inbox, and all is read afterwards", async () => {
  const { asked, next, handOver } = inboxOver();
  await next(10);
  handOver("a");
  expect(await next(10, true)).toEqual([]);
  expect(await next(10)).toEqual(["a"]);
  expect(asked).toEqual([false, true, false]);
});

test("given any handing over and taking, far more than the inbox keeps, then each comes once and in order", async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ give: fc.integer({ min: 1, max: 3_000 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 500 }) }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      const { next, handOver, whileReading } = inboxOver();
      let given = 0;
      const got: string[] = [];
      const give = (count: number) =>
        handOver(...Array.from({ length: count }, () => String((given += 1)).padStart(9, "0")));
      for (const step of story) {
        if ("give" in step) give(step.give);
        else {
          whileReading(() => give(1));
          got.push(...(await next(step.take)));
        }
      }
      for (let page = await next(500); page.length > 0; page = await next(500)) got.push(...page);
      expect(got.length).toBe(given);
      expect(got).toEqual([...got].sort());
    }),
    { numRuns: 50 },
  );
});
