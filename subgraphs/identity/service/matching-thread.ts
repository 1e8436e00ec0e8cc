import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "../../../kernel/errors/invariant.ts";
import { learnFromRecords, type RecordText } from "../domain/records/learn-from-records.ts";

/** The thread that learns: seconds of work that would hold up everything else in the main one. */
const port = parentPort;
invariant(port, "matching-thread runs as a worker thread");
const { seed } = workerData as { seed: number };
const texts: RecordText[] = [];

port.on("message", (message: RecordText[] | null) => {
  if (message !== null) return void texts.push(...message);
  const trained = learnFromRecords(texts, seed);
  const body = trained && JSON.stringify(trained);
  const digest = body && createHash("sha256").update(body).digest("hex");
  port.postMessage({ body, digest });
  port.close();
});
