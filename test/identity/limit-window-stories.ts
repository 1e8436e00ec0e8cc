import { beforeAll, describe, expect, test } from "@jest/globals";
import { type IdentityWorld, type Saying, unique } from "./identity-world.ts";
import { PolicyWords } from "./policy-words.ts";

/** What a limit with a window does, whatever the graph is kept in. */
export function limitWindowStories(name: string, start: () => Promise<IdentityWorld>): void {
  describe(name, () => {
    let world: IdentityWorld;
    beforeAll(async () => {
      world = await start();
      const phones = { name: "phone", limit: 1, limitWithin: "P7D" };
      await new PolicyWords(world).putInForce({ namespaces: [phones] });
    }, 120_000);

    const phone = (place: number) =>
      `+35191${String(process.pid).padStart(7, "0").slice(-5)}${place}`;
    let phones = 10;
    const nextPhone = () => phone((phones += 1));
    const seen = (user: string, value: string, day: string): Saying => ({
      ids: { user_id: user, phone: value },
      at: `2026-01-${day}T00:00:00.000Z`,
    });
    const personsOf = async (user: string, values: readonly string[]) => {
      const persons = values.map((value) => world.personOf("phone", value));
      const own = await world.personOf("user_id", user);
      return (await Promise.all(persons)).map((person) => person === own);
    };

    test("given one number a week at most, when numbers of somebody are first seen a week apart, then all are his, and one seen sooner is not", async () => {
      const [user, first, second, sooner] = [unique("u"), nextPhone(), nextPhone(), nextPhone()];
      await world.accept(seen(user, first, "01"), seen(user, second, "08"));
      expect(await personsOf(user, [first, second])).toEqual([true, true]);
      await world.accept(seen(user, sooner, "14"));
      expect(await personsOf(user, [first, second, sooner])).toEqual([true, true, false]);
    });

    test("given the number that came too soon, when somebody asks why it is not his, then the limit is named with its window", async () => {
      const [user, first, sooner] = [unique("u"), nextPhone(), nextPhone()];
      await world.accept(seen(user, first, "01"), seen(user, sooner, "03"));
      const { explainIdentity } = await world.ask<{ explainIdentity: { refusals: unknown[] } }>(
        `query ($left: IdentifierInput!, $right: IdentifierInput!) {
          explainIdentity(left: $left, right: $right) { refusals { constraint message } }
        }`,
        {
          left: { namespace: "user_id", value: user },
          right: { namespace: "phone", value: sooner },
        },
      );
      expect(explainIdentity.refusals).toEqual([
        {
          constraint: "NAMESPACE_LIMIT",
          message:
            "Together they would have more values of phone than one person may have within P7D.",
        },
      ]);
    });

    test("given two numbers far apart, when an older event tells that the second was seen sooner, then it is his no more, as if that had come first", async () => {
      const [user, first, second] = [unique("u"), nextPhone(), nextPhone()];
      await world.accept(seen(user, first, "01"), seen(user, second, "20"));
      expect(await personsOf(user, [first, second])).toEqual([true, true]);
      await world.accept({ ids: { phone: second }, at: "2026-01-03T00:00:00.000Z" });
      expect(await personsOf(user, [first, second])).toEqual([true, false]);
    });

    test("given numbers for years, when many events name an address with them, then the address does not become generic by it", async () => {
      const email = `${unique("ana")}@x.org`;
      const policies = new PolicyWords(world);
      await policies.putInForce({ genericAbove: 3 });
      const numbers = Array.from({ length: 5 }, nextPhone);
      for (const [place, value] of numbers.entries()) {
        const at = `2026-0${place + 1}-01T00:00:00.000Z`;
        await world.accept({ ids: { email, phone: value }, at });
      }
      const own = await world.personOf("email", email);
      const persons = await Promise.all(numbers.map((value) => world.personOf("phone", value)));
      expect(new Set([own, ...persons]).size).toBe(1);
      expect(own).not.toBeNull();
    });
  });
}
