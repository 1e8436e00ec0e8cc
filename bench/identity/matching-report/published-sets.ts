import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { flattenJson } from "../../../cli/input/read-json-lines.ts";
import type { JudgedSet, Row } from "./judge.ts";

function readRows(path: string): Row[] {
  const bytes = readFileSync(path);
  return parse(path.endsWith(".gz") ? gunzipSync(bytes) : bytes, {
    columns: true,
    trim: true,
  }) as Row[];
}

/** Records that FEBRL made from one original; the social security number would give it away. */
function febrlSet(folder: string, name: string, ...files: string[]): JudgedSet {
  const rows = files.flatMap((file) =>
    readRows(join(folder, "febrl", file)).map((row) => ({ ...row, file })),
  );
  return {
    name,
    rows,
    hidden: ["rec_id", "soc_sec_id", "file"],
    truthOf: (row) => row.rec_id!.split("-")[1]!,
    ...(files.length > 1 ? { sourceOf: (row: Row) => row.file! } : {}),
  };
}

/** FEBRL 1 to 4 and the historical figures. */
export function publishedSets(folder: string): JudgedSet[] {
  return [
    febrlSet(folder, "FEBRL 1, no SSN", "dataset1.csv"),
    febrlSet(folder, "FEBRL 2, no SSN", "dataset2.csv"),
    febrlSet(folder, "FEBRL 3, no SSN", "dataset3.csv"),
    febrlSet(folder, "FEBRL 4, no SSN, linked", "dataset4a.csv", "dataset4b.csv"),
    {
      name: "historical-dev",
      rows: readRows(join(folder, "historical-dev.csv.gz")),
      hidden: ["unique_id", "cluster"],
      truthOf: (row) => row.cluster!,
    },
  ];
}

/** The Senzing truth set: persons and organisations, of three lists, as nested JSON. */
export function senzingSet(folder: string): JudgedSet {
  const place = (name: string) => join(folder, "senzing-truthset", name);
  const truthByRecord = new Map(
    readRows(place("actual_truthset_key.csv")).map((row) => [
      `${row.DATA_SOURCE}/${row.RECORD_ID}`,
      row.CLUSTER_ID!,
    ]),
  );
  const rows = ["customers", "reference", "watchlist"].flatMap((name) =>
    readFileSync(place(`${name}.jsonl`), "utf8")
      .trim()
      .split("\n")
      .map((line) => flattenJson(JSON.parse(line) as Record<string, unknown>)),
  );
  return {
    name: "Senzing truth set",
    rows,
    hidden: ["RECORD_ID", "DATA_SOURCE"],
    truthOf: (row) => truthByRecord.get(`${row.DATA_SOURCE}/${row.RECORD_ID}`) ?? "",
  };
}
