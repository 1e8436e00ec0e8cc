import { describe, expect, test } from "@jest/globals";
import { SubscriptionRoom } from "../../gateway/subscriptions/subscription-room.ts";
import { resultStream } from "../../gateway/transport/result-stream.ts";
import type { SubgraphResult } from "../../gateway/transport/subgraph-transport.ts";

function roomOf(count: number) {
  let next = 0;
  const upstream = resultStream<SubgraphResult>({
    pull: async () => {
      if (next >= count) return new Promise(() => undefined);
      next += 1;
      return { data: { cursor: String(next) } };
    },
    release: () => undefined,
  });
  const room = new SubscriptionRoom(
    upstream,
    (result) => String(result.data?.["cursor"]),
    () => undefined,
  );
  return { room, upstream, pulled: () => next };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("a room of equal subscribers", () => {
  test("given a member that reads nothing, when many results come, then they are held back", async () => {
    const { room, pulled } = roomOf(10_000);
    room.join(null);
    await settle();
    expect(pulled()).toBeLessThanOrEqual(513);
  });

  test("given it stays silent, when a second has passed, then the others go on and it has lost its place", async () => {
    const { room } = roomOf(2_000);
    const [slow, quick] = [room.join(null)!, room.join(null)!];
    const seen: unknown[] = [];
    const until = Date.now() + 3_000;
    while (seen.length < 2_000 && Date.now() < until) {
      const step = room.step(quick);
      if (step.kind === "result") seen.push(step.result.data?.["cursor"]);
      else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(seen).toEqual(Array.from({ length: 2_000 }, (_, index) => String(index + 1)));
    expect(room.step(slow)).toEqual({ kind: "lost" });
  });

  test("given a cursor it keeps, when somebody joins after it, then the next is the one that follows", async () => {
    const { room } = roomOf(10);
    await settle();
    expect(room.step(room.join("7")!)).toEqual({
      kind: "result",
      result: { data: { cursor: "8" } },
    });
    expect(room.join("11")).toBeNull();
    expect(room.step(room.join(null)!)).toEqual({ kind: "wait" });
  });

  test("given the upstream breaks, when members read on, then each is told after what it missed", async () => {
    const { room, upstream } = roomOf(1);
    const member = room.join(null)!;
    await settle();
    upstream.fail(new Error("broken"));
    await settle();
    expect(room.step(member)).toMatchObject({ kind: "result" });
    expect(room.step(member)).toEqual({ kind: "end", error: new Error("broken") });
    expect(room.isOpen).toBe(false);
  });
});

describe("a stream of results", () => {
  test("given a next that waits, when it is ended or failed, then the next settles at once", async () => {
    const silent = () =>
      resultStream<number>({ pull: () => new Promise(() => undefined), release: () => undefined });
    const ended = silent();
    const waiting = ended.next();
    await ended.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    const failed = silent();
    const rejected = failed.next();
    failed.fail(new Error("over"));
    await expect(rejected).rejects.toThrow("over");
    expect(await failed.next()).toEqual({ done: true, value: undefined });
  });

  test("given it failed while nobody waited, when the next is asked, then it throws, once", async () => {
    let released = 0;
    const stream = resultStream<number>({ pull: async () => 1, release: () => (released += 1) });
    stream.fail(new Error("over"));
    await expect(stream.next()).rejects.toThrow("over");
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(released).toBe(1);
  });
});
