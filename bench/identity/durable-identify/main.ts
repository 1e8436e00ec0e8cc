/**
 * What a durable identify costs as the graph grows, through the store and the resolver of the product:
 *   node --max-semi-space-size=32 bench/identity/durable-identify/main.ts [--engine pglite,postgres,neo4j]
 *        [--identifiers 10000,100000,1000000] [--singles 2000] [--hub 10000]
 * The flag is the product's own beside an engine (scripts/run.sh).
 * PostgreSQL and Neo4j: eval "$(scripts/test-services.sh start)" first. The graph found in Neo4j is emptied.
 */
import "reflect-metadata";
import { parseArgs } from "node:util";
import { ENGINES, type EngineName, openEngine } from "./open-engine.ts";
import { IdentifyBench, type Latency } from "./measure.ts";

const { values } = parseArgs({
  options: {
    engine: { type: "string", default: "pglite" },
    identifiers: { type: "string", default: "10000,100000" },
    singles: { type: "string", default: "2000" },
    hub: { type: "string", default: "10000" },
  },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
const row = (...cells: (string | number)[]) => say(`| ${cells.join(" | ")} |`);
const shown = ({ p50, p99, max }: Latency) => [p50, p99, max].map((ms) => ms.toFixed(2));
const megabytes = () => Math.round(process.memoryUsage.rss() / 2 ** 20);

async function run(name: EngineName, sizes: readonly number[], singles: number, hub: number) {
  const engine = await openEngine(name);
  try {
    const bench = new IdentifyBench(engine.store);
    for (const size of sizes) {
      const perSecond = await bench.grow(size);
      await bench.single(Math.min(200, singles));
      const latency = await bench.single(singles);
      row(name, `${size} identifiers`, Math.round(perSecond), ...shown(latency), megabytes());
    }
    row(name, "half of a batch known", Math.round(await bench.returning(30_000)), "", "", "", "");
    await bench.growHub(hub);
    row(
      name,
      `others beside a hub of ${hub}`,
      "",
      ...shown(await bench.single(singles)),
      megabytes(),
    );
    row(name, `at the hub of ${hub}`, "", ...shown(await bench.singleAtHub(singles)), megabytes());
  } finally {
    await engine.close();
  }
}

const wanted = values.engine.split(",").map((name) => {
  const known = ENGINES.find((engine) => engine === name);
  if (known === undefined) throw new Error(`--engine ${name}: one of ${ENGINES.join(", ")}`);
  return known;
});
row("engine", "graph", "batch resolves/s", "p50 ms", "p99 ms", "max ms", "process MB");
row(...Array<string>(7).fill("---"));
for (const name of wanted)
  await run(
    name,
    values.identifiers.split(",").map(Number),
    Number(values.singles),
    Number(values.hub),
  );
