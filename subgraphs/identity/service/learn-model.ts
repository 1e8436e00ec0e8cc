import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { RecordText } from "../domain/records/learn-from-records.ts";

/** The artefact as text, and its SHA-256; null: the records have nothing that tells persons apart. */
export interface Learned {
  body: string | null;
  digest: string | null;
}

/** Learns a model in a thread of its own; `pages` hands the records over, in order. */
export async function learnModel(
  seed: number,
  pages: AsyncIterable<RecordText[]>,
  signal: AbortSignal,
): Promise<Learned> {
  const worker = new Worker(threadPath(), { workerData: { seed } });
  const stop = () => void worker.terminate();
  signal.addEventListener("abort", stop);
  try {
    const answer = new Promise<Learned>((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error("the learning thread ended without an answer")));
    });
    // Whoever fails first is heard below.
    answer.catch(() => {});
    for await (const page of pages) worker.postMessage(page);
    worker.postMessage(null);
    return await answer;
  } finally {
    signal.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

/** Compiled, the thread stands beside this file; from sources (tests) Node strips its types itself. */
function threadPath(): string {
  const extension = extname(fileURLToPath(import.meta.url));
  return fileURLToPath(new URL(`./matching-thread${extension}`, import.meta.url));
}
