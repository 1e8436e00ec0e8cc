import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { inBatches, Load, trackEvents } from "./load.ts";
import { Product } from "./product.ts";

const help = `node dist/bench/pipeline/main.js [--layout process|postgres|services] [--events 40000]
       [--parts lone,single,accepted,membership,latency,webhook]

Events per second accepted durably, through to membership and through to a webhook; the time from acceptance to
a subscriber; memory. Against a target each; nothing fails. services takes DATABASE_URL and NEO4J_URI.
`;

interface Entered {
  audienceMembershipChanged: { personId: string; occurredAt: string };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      layout: { type: "string", default: "process" },
      events: { type: "string", default: "40000" },
      parts: { type: "string", default: "lone,single,accepted,membership,latency,webhook" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const product = await Product.start(values.layout);
  try {
    row("ready", product.startedMs / 1_000, "s", 5, "<");
    await measure(product, Number(values.events), new Set(values.parts.split(",")));
    const { now, peak } = product.memoryMiB();
    row("resident memory, now", now, "MiB", 600, "<");
    row("resident memory, highest", peak, "MiB", 600, "<");
  } finally {
    await product.stop();
  }
}

async function measure(product: Product, events: number, parts: Set<string>): Promise<void> {
  const { writeKey } = await product.define<{ writeKey: string }>(
    "createSource",
    "CreateSourceInput",
    { name: "bench", title: "Benchmark", kind: "WEBSITE" },
    "writeKey",
  );
  const load = new Load(product.url, writeKey, 64);
  if (parts.has("lone")) await measureLone(product, load);
  if (parts.has("single")) await measureSingles(product, load, Math.min(6_000, events));
  if (parts.has("accepted")) await measureAccepted(product, load, events);
  if (parts.has("membership")) await measureMembership(product, load, events);
  if (parts.has("latency")) await measureLatency(product, load);
  if (parts.has("webhook")) await measureWebhooks(product, load, events);
  await load.close();
}

async function measureAccepted(product: Product, load: Load, events: number): Promise<void> {
  const bodies = inBatches(trackEvents("bench_seen", events, events / 10, "accepted"), 100);
  const rate = startRate(product);
  await load.postAll("/v1/batch", bodies, 16);
  rate("accepted, batches of 100", events, 10_000);
  await awaitMarker(product, load, "settled-accepted");
}

async function measureSingles(product: Product, load: Load, events: number): Promise<void> {
  const bodies = trackEvents("bench_single", events, events / 5, "single").map((event) =>
    JSON.stringify(event),
  );
  const rate = startRate(product);
  await load.postAll("/v1/track", bodies, 64);
  rate("accepted, one by one", events, 1_500);
  await awaitMarker(product, load, "settled-single");
}

/** A tenth of the events are somebody's first; each of those enters the audience. */
async function measureMembership(product: Product, load: Load, events: number): Promise<void> {
  await audience(product, "bench-buyers", "bench_bought");
  const bodies = inBatches(trackEvents("bench_bought", events, events / 10, "member"), 100);
  const rate = startRate(product);
  await load.postAll("/v1/batch", bodies, 16);
  await awaitMarker(product, load, "settled-member");
  rate("through to membership", events, 3_000);
}

async function measureWebhooks(product: Product, load: Load, events: number): Promise<void> {
  let received = 0;
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      received += 1;
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await product.define("definePurpose", "DefinePurposeInput", {
    name: "bench-service",
    title: "Service",
    channels: ["EMAIL"],
    basis: "LEGITIMATE_INTEREST",
  });
  await audience(product, "bench-hooked", "bench_hooked");
  await product.define("createDestination", "CreateDestinationInput", {
    name: "bench-hook",
    kind: "webhook",
    settings: { url },
  });
  await product.define("createSync", "CreateSyncInput", {
    name: "bench-sync",
    destination: "bench-hook",
    subject: { audience: "bench-hooked" },
    purpose: "bench-service",
    channel: "EMAIL",
    identifiers: ["user_id"],
    traits: [],
  });
  const count = events / 4;
  const through = async (who: string, prefix: string) => {
    received = 0;
    const bodies = inBatches(trackEvents("bench_hooked", count, count, prefix), 100);
    const rate = startRate(product);
    await load.postAll("/v1/batch", bodies, 16);
    for (let last = -1; received < count && received !== last; ) {
      last = received;
      for (let waited = 0; received === last && waited < 200; waited += 1) await pause(50);
    }
    rate(`through to a webhook, ${who} (${received} of ${count})`, received, 2_500);
  };
  // Each event is the first of its kind of its person: each becomes one webhook.
  const known = inBatches(trackEvents("bench_known", count, count, "hooked"), 100);
  await load.postAll("/v1/batch", known, 16);
  await awaitMarker(product, load, "settled-known");
  await through("known persons", "hooked");
  await through("new persons", "unheard");
  server.closeAllConnections();
  server.close();
}

/** From the moment an event is accepted to its membership message, at about half of the load above. */
async function measureLatency(product: Product, load: Load): Promise<void> {
  await audience(product, "bench-latency", "bench_timed");
  const received = new Map<string, number>();
  const following = follow(product, "bench-latency");
  const collecting = (async () => {
    for await (const { at, personId } of following) {
      received.set(personId, at);
      if (received.size === 300) return;
    }
  })();
  await pause(500);
  const background = inBatches(trackEvents("bench_bought", 30_000, 3_000, "member"), 50);
  const accepted: number[] = [];
  let next = 0;
  const ticking = setInterval(() => {
    if (next < background.length)
      load.post("/v1/batch", background[next++]!).catch(() => undefined);
  }, 33);
  for (const event of trackEvents("bench_timed", 300, 300, "timed")) {
    await load.post("/v1/track", JSON.stringify(event));
    accepted.push(performance.now());
    await pause(30);
  }
  await Promise.race([collecting, pause(20_000)]);
  clearInterval(ticking);
  const arrivals = [...received.values()].sort((a, b) => a - b);
  const delays = arrivals
    .map((at, index) => Math.max(0, at - accepted[index]!))
    .sort((a, b) => a - b);
  row("accepted to subscriber, p50", delays[Math.floor(delays.length * 0.5)]!, "ms", 50, "<");
  row("accepted to subscriber, p99", delays[Math.floor(delays.length * 0.99)]!, "ms", 500, "<");
}

async function measureLone(product: Product, load: Load): Promise<void> {
  await audience(product, "bench-lone", "bench_alone");
  const following = follow(product, "bench-lone");
  const first = following.next();
  await pause(2_000);
  const [event] = trackEvents("bench_alone", 1, 1, "lone");
  await load.post("/v1/track", JSON.stringify(event));
  const acceptedAt = performance.now();
  const { value } = await first;
  row("a lone event, accepted to subscriber", value!.at - acceptedAt, "ms", 500, "<");
}

async function* follow(product: Product, name: string) {
  const query = `subscription { audienceMembershipChanged(audiences: ["${name}"]) { personId occurredAt } }`;
  for await (const { audienceMembershipChanged: change } of product.follow<Entered>(query)) {
    yield { at: performance.now(), personId: change.personId };
  }
}

/** Waits until an event sent now has come through: then everything before it has, too. */
async function awaitMarker(product: Product, load: Load, name: string): Promise<void> {
  await audience(product, name, `marker_${name}`);
  const following = follow(product, name);
  const first = following.next();
  await pause(50);
  const [event] = trackEvents(`marker_${name}`, 1, 1, name);
  await load.post("/v1/track", JSON.stringify(event));
  await first;
}

async function audience(product: Product, name: string, event: string): Promise<void> {
  await product.define("createAudience", "CreateAudienceInput", {
    name,
    title: name,
    owner: "bench",
    purpose: null,
    rule: { event: { name: event, within: "P30D" } },
  });
  await product.define("activateAudience", "ActivateAudienceInput", { name, version: 1 });
}

/** From now on; the answer writes how many a second there were, and what each cost the product's processes. */
function startRate(product: Product): (what: string, count: number, target: number) => void {
  const begun = performance.now();
  const before = product.cpuSeconds();
  return (what, count, target) => {
    const seconds = (performance.now() - begun) / 1_000;
    const each = ((product.cpuSeconds() - before) / count) * 1e6;
    row(what, count / seconds, "events/s", target, ">", `  cpu ${each.toFixed(0)} µs each`);
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function row(
  what: string,
  value: number,
  unit: string,
  target: number,
  sign: "<" | ">",
  more = "",
): void {
  const ratio = sign === ">" ? value / target : target / value;
  process.stdout.write(
    `${what.padEnd(44)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit.padEnd(9)} target ${sign} ${target}  ratio ${ratio.toFixed(2)}${more}\n`,
  );
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
