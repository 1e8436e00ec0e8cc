import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, type World } from "./bad-input/world.ts";
import { operation } from "./operation.ts";
import { eventually, startLayout } from "./running-layout.ts";
import { WebhookCatcher } from "./webhook-catcher.ts";

/** Whatever is said about her carries one of these; none may stand in a log or a metric. */
const email = "zxmarkmail@zxmarkhost.example";
const marks = ["zxmark", "919191919", "919 191 919"];
const phone = "+351 919 191 919";
const name = "Zxmarkname";
const orderId = "zxmarkorder-1";
const userId = "zxmarkuser-1";
const anonymousId = "zxmarkanon-1";
/** What no engine can store, and what engines quote when they refuse. */
const poisonous = ["zxmark\u0000", "zxmark\ud800", "zxmark'\"{}\\", `zxmark${"x".repeat(5_000)}`];

let world: World;
/** One endpoint fails, the other says that it is gone for good. */
let hook: WebhookCatcher;
let gone: WebhookCatcher;

async function define(operationName: string, input: Record<string, unknown>): Promise<void> {
  expect(await world.mutate(operationName, input)).toMatchObject({ problems: [] });
}

async function defineAll(): Promise<void> {
  await define("DefinePurpose", { name: "marketing", title: "M", channels: ["EMAIL"] });
  await define("CreateAudience", {
    name: "buyers",
    title: "Buyers",
    owner: "growth",
    purpose: "marketing",
    rule: { event: { name: "order_completed", within: "P30D" } },
  });
  await define("ActivateAudience", { name: "buyers", version: 1 });
  for (const [destination, { url }] of Object.entries({ crm: hook, gone })) {
    const name = `buyers-to-${destination}`;
    await define("CreateDestination", { name: destination, kind: "webhook", settings: { url } });
    const sync = { name, destination, subject: { audience: "buyers" }, purpose: "marketing" };
    const what = { channel: "EMAIL", identifiers: ["email", "phone"], traits: ["first_name"] };
    await define("CreateSync", { ...sync, ...what });
  }
  const schema = { type: "object", properties: { total: { type: "number" } } };
  const head = { event: "order_paid", family: "BUSINESS", owner: "o", drives: "ACTIVATION" };
  await define("RegisterContract", { ...head, schema });
}

beforeAll(async () => {
  world = await openWorld(await startLayout({ LOG_LEVEL: "debug" }));
  hook = await WebhookCatcher.open();
  hook.status = 500;
  gone = await WebhookCatcher.open();
  gone.status = 410;
  await defineAll();
}, 180_000);

afterAll(async () => {
  await hook?.close();
  await gone?.close();
  await world?.layout.remove();
}, 60_000);

/** The marks found in what the process wrote, with what stands around each. */
function leaks(text: string): string[] {
  return marks.flatMap((mark) =>
    [...text.matchAll(new RegExp(`.{0,80}${mark}.{0,20}`, "gi"))].map(([found]) => found),
  );
}

const ourFaults: unknown[] = [];

async function askFor(query: string, variables: Record<string, unknown>): Promise<void> {
  const { json } = await world.graphql({ query, variables });
  for (const { extensions, message } of json.errors ?? []) {
    if (extensions.code !== "INTERNAL") continue;
    ourFaults.push({ message, query: query.slice(0, 40), variables });
  }
}

test("given a person who goes through the whole system, then she is known, held, and told of", async () => {
  const who = { userId, anonymousId };
  const traits = { email, phone, first_name: name };
  const consent = { categoryPreferences: { marketing: true } };
  const batch = [
    { type: "identify", ...who, traits, context: { consent, ip: "zxmarkip" } },
    { type: "track", ...who, event: "order_completed", properties: { order_id: orderId } },
    { type: "track", ...who, event: "order_paid", properties: { total: orderId } },
    { type: "group", ...who, groupId: "zxmarkaccount", traits: { name } },
    { type: "alias", userId, previousId: "zxmarkold-1" },
  ];
  const { json } = await world.send("batch", { batch });
  expect(json).toMatchObject({ accepted: 4, quarantined: 1 });
  await world.timelineOf(userId, 4);
  await eventually(
    async () => [hook.caught.length, gone.caught.length],
    ([failed, ended]) => failed! >= 2 && ended! >= 1,
    90_000,
  );
  expect(hook.caught[0]!.body).toContain(email);
}, 120_000);

test("given events that are refused, then each says why to its sender", async () => {
  const bodies = [
    `{"userId": "${userId}", "traits": {"email": "${email}"`,
    { type: "track", event: name, properties: { email } },
    { type: name, userId },
    { type: "track", userId: { email }, event: name },
    { type: "identify", userId, traits: email },
    { type: "track", userId, event: name, timestamp: "zxmarkwhen" },
    { type: "track", userId, event: name, properties: { text: `zxmark${"x".repeat(40_000)}` } },
  ];
  for (const body of bodies) {
    const batch = typeof body === "string" ? body : { batch: [body] };
    expect((await world.send("batch", batch)).status).toBeLessThan(500);
  }
  for (const text of poisonous) {
    const events = [
      { userId: text, anonymousId, traits: { email: text, [text]: text } },
      { anonymousId, event: text, messageId: text, properties: { [text]: { [text]: text } } },
    ];
    expect((await world.send("identify", events[0])).status).toBeLessThan(500);
    expect((await world.send("track", events[1])).status).toBeLessThan(500);
  }
  const { status } = await world.send("identify", { userId, traits: { email } }, "zxmarkkey");
  expect(status).toBe(401);
}, 60_000);

test("given questions and orders that cannot be met, then none is our own fault", async () => {
  await askFor(`{ person(by: {id: "${email}"}) { ${name} } }`, {});
  await askFor(`{ person(by: {id: "${email}"`, {});
  await askFor(operation("PersonId"), { by: email });
  await askFor(operation("Delivery"), { id: email });
  for (const value of [email, ...poisonous]) {
    const identifier = { namespace: "email", value };
    const statement = { purpose: "marketing", channel: "EMAIL", kind: "GRANT", method: value };
    const statedAt = "2026-01-01T10:00:00Z";
    const by = { identifier };
    await askFor(operation("PersonId"), { by });
    await askFor(operation("PersonId"), { by: { id: value } });
    await askFor(operation("FindPersons"), { filter: { identifiers: [identifier] } });
    await askFor(operation("FindPersons"), { filter: { traits: [{ name: value, value }] } });
    await askFor(operation("FindPersons"), { after: value });
    await askFor(operation("Delivery"), { id: value });
    await askFor(operation("Audience"), { name: value });
    await askFor(operation("Deliveries"), { filter: { destination: value } });
    await askFor(
      `query ($name: String!) { source(name: $name) { name } experiment(name: $name) { name }
        destination(name: $name) { name } sync(name: $name) { name }
        purpose(name: $name) { name } event(messageId: $name) { name } }`,
      { name: value },
    );
    await askFor(operation("Timeline"), { by, filter: { names: [value] } });
    await askFor(operation("QuarantinedEvents"), { filter: { messageIds: [value] } });
    await askFor(operation("ExplainIdentity"), { left: identifier, right: identifier });
    for (const [order, input] of Object.entries({
      RecordConsent: { identifier, ...statement, statedAt },
      Suppress: { identifier, channel: "EMAIL", reason: "HARD_BOUNCE" },
      SplitPerson: { person: value, identifiers: [identifier], reason: value },
      MergePersons: { into: value, from: [value], reason: value },
      CreateApiKey: { name: value, scopes: [value] },
      CreateSource: { name: value, title: value, kind: "CRM" },
      IngestEvents: { source: value, events: [] },
      ReplayDeliveries: { filter: { destination: value }, reason: value },
    })) {
      await askFor(operation(order), { input });
    }
  }
  expect(ourFaults).toEqual([]);
}, 120_000);

test("given all that, then the log at its most talkative and the metrics do not know her", async () => {
  const metrics = await (await fetch(`${world.layout.url}/metrics`)).text();
  expect(metrics).toContain("# HELP");
  expect(leaks(metrics)).toEqual([]);
  await world.layout.stop();
  const output = world.layout.output();
  expect(output).toContain("a destination was disabled");
  expect(leaks(output)).toEqual([]);
}, 60_000);
