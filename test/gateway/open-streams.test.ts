import { expect, test } from "@jest/globals";
import type { Authenticated } from "../../gateway/authentication/authenticator.ts";
import { OpenStreams } from "../../gateway/http/open-streams.ts";
import { resultStream } from "../../gateway/transport/result-stream.ts";
import type { SubgraphResult } from "../../gateway/transport/subgraph-transport.ts";

const who = (id: string): Authenticated => ({
  principal: { id, scopes: ["profiles:read"] },
  onEnd: () => () => undefined,
});
const silent = () =>
  resultStream<SubgraphResult>({
    pull: () => new Promise(() => undefined),
    release: () => undefined,
  });

test("given one with as many subscriptions as may be, when he asks for more, then he is refused, and nobody else", () => {
  const streams = new OpenStreams();
  const [greedy, other] = [who("key_1"), who("key_2")];
  let opened = 0;
  const fill = () => {
    for (; opened < 100_000; opened += 1) {
      streams.checkRoom(greedy);
      streams.add(silent(), greedy);
    }
  };
  expect(fill).toThrow(expect.objectContaining({ code: "OVERLOADED", retryable: true }));
  expect(opened).toBe(5_000);
  expect(() => streams.checkRoom(other)).not.toThrow();
});

test("given a subscription that ends, when another one comes, then there is room again", async () => {
  const streams = new OpenStreams();
  const all = Array.from({ length: 5_000 }, () => streams.add(silent(), who("key_1")));
  expect(() => streams.checkRoom(who("key_1"))).toThrow();
  await all[0]!.return();
  expect(() => streams.checkRoom(who("key_1"))).not.toThrow();
});
