/**
 * Writes made-up people with duplicates to the standard output, as CSV in random order:
 * node bench/identity/make-people.ts COUNT [SEED] > people.csv
 */
import { once } from "node:events";
import { Draw } from "./made-up/draw.ts";
import { type MadeUpRecord, Population } from "./made-up/population.ts";

const LINES_PER_WRITE = 2_000;

async function writePeople(count: number, seed: number): Promise<void> {
  const lines = Array.from(new Population(seed).records(count), (record) =>
    Object.values(record).join(","),
  );
  new Draw(seed + 1).shuffle(lines);
  const columns: (keyof MadeUpRecord)[] = [
    "record_id",
    "person",
    "first_name",
    "last_name",
    "birth_date",
    "street",
    "postcode",
    "city",
    "phone",
    "email",
  ];
  process.stdout.write(`${columns.join(",")}\n`);
  for (let from = 0; from < lines.length; from += LINES_PER_WRITE) {
    const chunk = lines.slice(from, from + LINES_PER_WRITE).join("\n");
    if (!process.stdout.write(`${chunk}\n`)) await once(process.stdout, "drain");
  }
}

await writePeople(Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1));
