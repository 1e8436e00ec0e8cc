import "reflect-metadata";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { AudienceWorld, hourMs, startAt } from "./audience-world.ts";

const abandoned = {
  all: [
    { event: { name: "cart_updated", count: { atLeast: 1 }, within: "PT24H" } },
    { not: { event: { name: "order_completed", within: "PT24H" } } },
    { trait: { name: "country", is: { equals: "DE" } } },
  ],
};

describe("live membership", () => {
  let world: AudienceWorld;
  beforeAll(async () => {
    world = await AudienceWorld.start();
  }, 120_000);
  afterAll(() => world?.stop());

  test("given an audience of the contract, when its conditions come true one by one, then the person enters", async () => {
    await world.audience("cart-abandoners", abandoned);
    const change = await world.create("person_ana", "email:ana@example.com");
    await world.traits("person_ana", { country: "DE" });
    expect(await world.members("cart-abandoners")).toEqual([]);
    await world.happen({
      key: "email:ana@example.com",
      person: "person_ana",
      name: "cart_updated",
    });
    expect(await world.members("cart-abandoners")).toEqual(["person_ana"]);
    const [entry] = await world.feed("cart-abandoners");
    expect(entry).toMatchObject({ kind: "ENTERED", version: 1, occurredAt: startAt });
    expect(entry!.cause).toMatchObject({ eventName: "cart_updated", identityChangeId: change });
  });

  test("given a member, when the window runs out with no event, then the exit is dated at that instant", async () => {
    const end = Date.parse(startAt) + 24 * hourMs;
    await world.advanceTo(end - 1);
    expect(await world.members("cart-abandoners")).toEqual(["person_ana"]);
    await world.advanceTo(end + 700);
    expect(await world.members("cart-abandoners")).toEqual([]);
    const last = (await world.feed("cart-abandoners")).at(-1)!;
    expect(last).toMatchObject({ kind: "EXITED", occurredAt: new Date(end).toISOString() });
    expect(last.cause).toMatchObject({
      messageId: null,
      identityChangeId: expect.stringMatching(/^change_/),
    });
  });

  test("given somebody who ordered, when the order leaves the window before the cart does, then he enters at that instant", async () => {
    const now = world.clock.now().getTime();
    await world.create("person_bo", "user_id:bo");
    await world.traits("person_bo", { country: "DE" });
    const orderAt = now - 2 * hourMs;
    await world.happen(
      { key: "user_id:bo", person: "person_bo", name: "order_completed", at: new Date(orderAt) },
      { key: "user_id:bo", person: "person_bo", name: "cart_updated" },
    );
    expect(await world.members("cart-abandoners")).toEqual([]);
    await world.advanceTo(orderAt + 24 * hourMs);
    expect(await world.members("cart-abandoners")).toEqual(["person_bo"]);
    await world.traits("person_bo", { country: null });
    expect(await world.members("cart-abandoners")).toEqual([]);
    expect((await world.feed("cart-abandoners")).at(-1)!.cause.messageId).toBe("traits_person_bo");
  });
});
