import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ConsentWorld } from "./consent-world.ts";

let world: ConsentWorld;
let people = 0;

/** A person of the test's own, with an e-mail address and a user id. */
async function person(at = "2026-01-01T00:00:00Z") {
  people += 1;
  const id = `person_${people}`;
  const email = `email:p${people}@example.com`;
  const user = `user_id:u${people}`;
  await world.change("CREATE", at, [
    [email, null, id],
    [user, null, id],
  ]);
  return { id, email, user };
}

beforeAll(async () => {
  world = await ConsentWorld.open();
  await world.define("marketing", { channels: ["EMAIL", "PUSH"] });
  await world.define("advertising", { categories: ["C0004"] });
  await world.define("receipts", { basis: "CONTRACT" });
  await world.define("product-news", { basis: "LEGITIMATE_INTEREST" });
}, 120_000);
afterAll(() => world?.platform.stop());

describe("a person's consent", () => {
  test("given silence, when a use is asked for, then it is denied", async () => {
    const { id } = await person();
    expect(await world.decide(id)).toBe("DENY NO_CONSENT");
    expect(await world.decide("person_nobody")).toBe("DENY NO_CONSENT");
  });

  test("given a grant for e-mail, then e-mail is allowed and push is not", async () => {
    const { id, email } = await person();
    await world.record(email, { channel: "EMAIL" });
    expect(await world.decide(id)).toBe("ALLOW CONSENT_GRANTED");
    expect(await world.decide(id, { channel: "PUSH" })).toBe("DENY NO_CONSENT");
    expect(await world.decide(id, { channel: "SMS" })).toBe("DENY CHANNEL_NOT_IN_PURPOSE");
  });

  test("given a grant without channel, then every channel of the purpose is allowed", async () => {
    const { id, user } = await person();
    await world.record(user, { purpose: "Marketing" });
    expect(await world.decide(id, { channel: "PUSH" })).toBe("ALLOW CONSENT_GRANTED");
    expect(await world.decide(id, { channel: null })).toBe("ALLOW CONSENT_GRANTED");
  });

  test("given the withdrawal came first but was said later, then it counts", async () => {
    const { id, email } = await person();
    await world.record(email, { kind: "WITHDRAW", statedAt: "2026-03-01T00:00:00Z" });
    await world.record(email, { kind: "GRANT", statedAt: "2026-02-01T00:00:00Z" });
    expect(await world.decide(id)).toBe("DENY CONSENT_WITHDRAWN");
    await world.record(email, { method: "csv-import", statedAt: "2026-04-01T00:00:00Z" });
    expect(await world.decide(id)).toBe("DENY CONSENT_WITHDRAWN");
    await world.record(email, { method: "double-opt-in", statedAt: "2026-04-02T00:00:00Z" });
    expect(await world.decide(id)).toBe("ALLOW CONSENT_GRANTED");
  });

  test("given a statement for an address nobody has, when its person appears, then it counts", async () => {
    await world.record("email:Later@Example.com ", {});
    await world.change("CREATE", "2026-05-01T00:00:00Z", [
      ["email:later@example.com", null, "person_l"],
    ]);
    expect(await world.decide("person_l")).toBe("ALLOW CONSENT_GRANTED");
  });

  test("given a consent that runs out, when the instant has come, then it is gone", async () => {
    const { id, email } = await person();
    await world.record(email, { expiresAt: "2026-06-01T12:00:01Z" });
    expect(await world.decide(id)).toBe("ALLOW CONSENT_GRANTED");
    world.platform.clock.set("2026-06-01T12:00:01Z");
    expect(await world.decide(id)).toBe("DENY CONSENT_EXPIRED");
    const expiries = async () =>
      (await world.announced()).filter(
        (change) => change["occurredAt"] === "2026-06-01T12:00:01.000Z",
      );
    while ((await expiries()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await expiries()).toMatchObject([{ personId: id, purpose: "marketing" }]);
  });

  test("given other bases, then a contract needs no consent and an interest ends with an objection", async () => {
    const { id, user } = await person();
    expect(await world.decide(id, { purpose: "receipts" })).toBe("ALLOW LAWFUL_BASIS_CONTRACT");
    expect(await world.decide(id, { purpose: "product-news" })).toBe(
      "ALLOW LAWFUL_BASIS_LEGITIMATE_INTEREST",
    );
    await world.record(user, { purpose: "product-news", kind: "WITHDRAW" });
    expect(await world.decide(id, { purpose: "product-news" })).toBe("DENY CONSENT_WITHDRAWN");
    expect(await world.decide(id, { purpose: "nonsense" })).toBe("DENY PURPOSE_UNKNOWN");
  });
});

describe("merge and split", () => {
  const merge = (
    at: string,
    from: { id: string; email: string; user: string },
    to: { id: string },
  ) =>
    world.change(
      "MERGE",
      at,
      [
        [from.email, from.id, to.id],
        [from.user, from.id, to.id],
      ],
      { redirects: [{ from: from.id, to: to.id }] },
    );
  const split = (
    at: string,
    side: { id: string; email: string; user: string },
    from: { id: string },
  ) =>
    world.change(
      "SPLIT",
      at,
      [
        [side.email, from.id, side.id],
        [side.user, from.id, side.id],
      ],
      { redirects: [{ from: side.id, to: side.id }] },
    );

  test("given one side withdrew and the other granted later, when merged, then it is a conflict until the person speaks; a split gives back", async () => {
    const [one, two] = [await person(), await person()];
    await world.record(two.user, { kind: "WITHDRAW", statedAt: "2026-01-10T00:00:00Z" });
    await world.record(one.user, { kind: "GRANT", statedAt: "2026-01-20T00:00:00Z" });
    await merge("2026-02-01T00:00:00Z", two, one);
    expect(await world.decide(one.id)).toBe("DENY CONSENT_CONFLICT");
    expect(await world.decide(two.id)).toBe("DENY CONSENT_CONFLICT");
    await split("2026-02-05T00:00:00Z", two, one);
    expect(await world.decide(one.id)).toBe("ALLOW CONSENT_GRANTED");
    expect(await world.decide(two.id)).toBe("DENY CONSENT_WITHDRAWN");
    await merge("2026-03-01T00:00:00Z", two, one);
    expect(await world.decide(one.id)).toBe("DENY CONSENT_CONFLICT");
    await world.record(one.email, { kind: "GRANT", statedAt: "2026-03-02T00:00:00Z" });
    expect(await world.decide(one.id)).toBe("ALLOW CONSENT_GRANTED");
  });

  test("given someone who refused before being known, when found to be one who granted later, then they conflict", async () => {
    const one = await person();
    await world.record(`email:early-${one.id}@example.com`, {
      kind: "WITHDRAW",
      statedAt: "2026-01-10T00:00:00Z",
    });
    await world.record(one.user, { kind: "GRANT", statedAt: "2026-01-20T00:00:00Z" });
    await world.change("LINK", "2026-02-01T00:00:00Z", [
      [`email:early-${one.id}@example.com`, null, one.id],
    ]);
    expect(await world.decide(one.id)).toBe("DENY CONSENT_CONFLICT");
  });

  test("given a statement from before the merge that arrives after it, then it speaks for its own side only", async () => {
    const [one, two] = [await person(), await person()];
    await merge("2026-02-01T00:00:00Z", two, one);
    await world.record(one.user, { kind: "WITHDRAW", statedAt: "2026-01-10T00:00:00Z" });
    await world.record(two.user, { kind: "GRANT", statedAt: "2026-01-20T00:00:00Z" });
    expect(await world.decide(one.id)).toBe("DENY CONSENT_CONFLICT");
  });

  test("given identifiers with statements moved, then both persons are announced once moved", async () => {
    const [one, two] = [await person(), await person()];
    await world.record(two.email, { kind: "WITHDRAW" });
    const head = await world.platform.streams.head("consent");
    await merge("2026-02-01T00:00:00Z", two, one);
    const merged = await world.announced(head);
    expect(merged).toMatchObject([
      { personId: one.id, cause: { identityChangeId: expect.stringMatching(/^change_/) } },
    ]);
    await split("2026-02-02T00:00:00Z", two, one);
    const back = (await world.announced(head)).slice(1).map((change) => change["personId"]);
    expect(back).toEqual([two.id, one.id]);
  });

  test("given identifiers without statements moved, then nothing is announced", async () => {
    const [one, two] = [await person(), await person()];
    const head = await world.platform.streams.head("consent");
    await merge("2026-02-01T00:00:00Z", two, one);
    expect(await world.announced(head)).toEqual([]);
  });

  test("given an erasure, then statements are gone, the suppression stays, and fresh consent counts", async () => {
    const one = await person();
    await world.record(one.email, {});
    await world.change("ERASE", "2026-05-01T00:00:00Z", [
      [one.email, one.id, null],
      [one.user, one.id, null],
    ]);
    const { database } = world.platform;
    const left = await database.query("select 1 from consent.statements where subject_key = $1", [
      one.email,
    ]);
    expect(left).toEqual([]);
    await world.change("CREATE", "2026-05-10T00:00:00Z", [[one.email, null, "person_again"]]);
    expect(await world.decide("person_again")).toBe("DENY ERASED NO_CONSENT");
    await world.record(one.email, { statedAt: "2026-05-20T00:00:00Z" });
    expect(await world.decide("person_again")).toBe("ALLOW CONSENT_GRANTED");
  });
});

test("given a suppressed address was erased, when it comes back, then it is suppressed still", async () => {
  const one = await person();
  const suppress =
    "mutation($input: SuppressInput!) { suppress(input: $input) { problems { code } } }";
  const [namespace, value] = one.email.split(":");
  const address = { namespace, value };
  await world.ask(suppress, { input: { identifier: address, reason: "COMPLAINT" } });
  expect(await world.decide(one.id)).toBe("DENY SUPPRESSED_COMPLAINT NO_CONSENT");
  await world.change("ERASE", "2026-05-01T00:00:00Z", [
    [one.email, one.id, null],
    [one.user, one.id, null],
  ]);
  const named = { addresses: [address] };
  expect(await world.decide("person_nobody", named)).toBe(
    "DENY ERASED SUPPRESSED_COMPLAINT NO_CONSENT",
  );
  await world.change("CREATE", "2026-05-10T00:00:00Z", [[one.email, null, "person_back"]]);
  await world.record(one.email, { statedAt: "2026-05-20T00:00:00Z" });
  expect(await world.decide("person_back")).toBe("DENY SUPPRESSED_COMPLAINT");
});

test("given a signal of a browser, when its person is asked about, then it is at hand", async () => {
  const { id, user } = await person();
  await world.events([
    { subject: user, person: id, event: { context: { consent: { gpc: true } } } },
  ]);
  const { postgresConsentStore } = await import(
    "../../subgraphs/consent/store/postgres-consent-store.ts"
  );
  const { database } = world.platform;
  const heard = await postgresConsentStore.heard(database, [id], [], []);
  expect(heard).toEqual([{ personId: id, subjectKey: user, statement: null }]);
  const { signals } = await postgresConsentStore.rareFacts(database, [user]);
  expect(signals).toMatchObject([{ subjectKey: user, isOn: true }]);
});

describe("statements from events", () => {
  const stamp = (preferences: Record<string, boolean>, occurredAt: string) => ({
    occurredAt,
    receivedAt: occurredAt,
    context: { consent: { categoryPreferences: preferences } },
  });
  const count = async (subject: string) => {
    const text = "select count(*)::int as n from consent.statements where subject_key = $1";
    const [row] = await world.platform.database.query<{ n: number }>(text, [subject]);
    return row!.n;
  };

  test("given a banner on every event, then only what is new is written down", async () => {
    const { id, user } = await person();
    const say = (preferences: Record<string, boolean>, occurredAt: string) => ({
      subject: user,
      person: id,
      event: stamp(preferences, occurredAt),
    });
    await world.events([
      say({ Advertising: true, Analytics: false }, "2026-05-01T00:00:00.000Z"),
      say({ Advertising: true, Analytics: false }, "2026-05-01T00:00:09.000Z"),
    ]);
    expect(await world.decide(id, { purpose: "advertising" })).toBe("ALLOW CONSENT_GRANTED");
    await world.events([
      say({ Advertising: true }, "2026-05-01T00:00:19.000Z"),
      say({ C0004: false }, "2026-05-02T00:00:00.000Z"),
    ]);
    expect(await world.decide(id, { purpose: "advertising" })).toBe("DENY CONSENT_WITHDRAWN");
    expect(await count(user)).toBe(3);
  });

  test("given a category nobody defined, when the purpose is defined later, then it counts", async () => {
    const { id, user } = await person();
    const event = stamp({ "Late Purpose": true }, "2026-05-01T00:00:00.000Z");
    await world.events([{ subject: user, person: id, event }]);
    expect(await world.decide(id, { purpose: "late purpose" })).toBe("DENY PURPOSE_UNKNOWN");
    await world.define("late purpose");
    expect(await world.decide(id, { purpose: "late purpose" })).toBe("ALLOW CONSENT_GRANTED");
  });

  test("given the reserved event, then it is announced with its person and message, once however often it comes", async () => {
    const { id, user } = await person();
    const head = await world.platform.streams.head("consent");
    const event = {
      messageId: `once-${id}`,
      type: "TRACK" as const,
      name: "Consent Preference Updated",
      properties: { purpose: "marketing", channel: "EMAIL", kind: "GRANT" },
    };
    await world.events([{ subject: user, person: id, event }]);
    await world.events([{ subject: user, person: id, event }]);
    expect(await world.announced(head)).toEqual([
      {
        identifier: { namespace: "user_id", value: user.slice(8) },
        personId: id,
        purpose: "marketing",
        channel: "EMAIL",
        occurredAt: "2026-05-01T00:00:00.000Z",
        cause: {
          messageId: `once-${id}`,
          eventName: "Consent Preference Updated",
          statementId: expect.stringMatching(/^statement_/),
          identityChangeId: null,
        },
      },
    ]);
    expect(await world.decide(id)).toBe("ALLOW CONSENT_GRANTED");
    expect(await count(user)).toBe(1);
  });

  test("given two sources with one message id, then each statement is announced with its own person", async () => {
    const [one, two] = [await person(), await person()];
    const head = await world.platform.streams.head("consent");
    const messageId = `shared-${one.id}`;
    const said = { ...stamp({ marketing: true }, "2026-05-01T00:00:00.000Z"), messageId };
    await world.events([
      { subject: one.user, person: one.id, event: { ...said, source: "web" } },
      { subject: two.user, person: two.id, event: { ...said, source: "app" } },
    ]);
    const announced = await world.announced(head);
    expect(announced.map((change) => change["personId"])).toEqual([one.id, two.id]);
  });

  test("given a sender's clock that runs ahead, then nothing counts as said after we heard it", async () => {
    const { id, user } = await person();
    const event = {
      ...stamp({ marketing: true }, "2030-01-01T00:00:00.000Z"),
      receivedAt: "2026-05-01T00:00:00.000Z",
    };
    await world.events([{ subject: user, person: id, event }]);
    await world.record(user, { kind: "WITHDRAW", statedAt: "2026-05-02T00:00:00Z" });
    expect(await world.decide(id)).toBe("DENY CONSENT_WITHDRAWN");
  });
});
