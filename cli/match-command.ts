import { readFile } from "node:fs/promises";
import {
  evaluatePartition,
  type PartitionQuality,
} from "../subgraphs/identity/domain/matching/evaluate.ts";
import {
  type MatchResult,
  matchRecords,
} from "../subgraphs/identity/domain/matching/match-records.ts";
import {
  MODEL_VERSION,
  type MatchingModel,
} from "../subgraphs/identity/domain/matching/scoring/matching-model.ts";
import { InputError } from "./input/input-error.ts";
import { loadRecords } from "./input/load-records.ts";
import type { LoadedRecords } from "./input/loaded-records.ts";
import { type MatchArguments, readMatchArguments } from "./match-arguments.ts";
import { MATCH_HELP } from "./match-help.ts";
import { explanationLines, recordOf } from "./output/explanation.ts";
import { OutputFolder } from "./output/output-folder.ts";
import { ProgressBar } from "./output/progress-bar.ts";
import { clusterLines, pairLines } from "./output/result-files.ts";
import { columnLines, qualityLines, resultLine } from "./output/summary.ts";
import { renderReport } from "./report/render-report.ts";

const STAGES = ["reading", "blocking", "learning", "scoring", "clustering", "writing"] as const;

/** Where a command writes; handed in so that it can be tested. */
export interface CommandOutput {
  readonly write: (text: string) => void;
  readonly writeProgress: (text: string) => void;
  readonly isTerminal: boolean;
}

async function readModel(path: string): Promise<MatchingModel> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new InputError(cause.code === "ENOENT" ? "there is no such file" : cause.message, {
      file: path,
    });
  });
  let model: Partial<MatchingModel>;
  try {
    model = JSON.parse(text) as Partial<MatchingModel>;
  } catch {
    throw new InputError("this is not a model: not JSON", { file: path });
  }
  if (
    model?.version !== MODEL_VERSION ||
    !Array.isArray(model.fields) ||
    model.schema === undefined
  ) {
    throw new InputError(`this is not a model of version ${MODEL_VERSION}`, { file: path });
  }
  return model as MatchingModel;
}

async function writeResults(
  folder: OutputFolder,
  records: LoadedRecords,
  result: MatchResult,
  quality: PartitionQuality | undefined,
): Promise<void> {
  try {
    await folder.write("clusters.csv", clusterLines(records, result));
    await folder.write("pairs.csv", pairLines(records, result));
    await folder.write("model.json", [`${JSON.stringify(result.model, undefined, 1)}\n`]);
    await folder.write("report.html", [renderReport(records, result, quality)]);
    await folder.publish();
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

async function run(wanted: MatchArguments, output: CommandOutput): Promise<void> {
  const progress = new ProgressBar(output.isTerminal, output.writeProgress, STAGES);
  const say = (text: string) => {
    progress.clear();
    output.write(`${text}\n`);
  };
  const folder =
    wanted.outputFolder === undefined ? undefined : new OutputFolder(wanted.outputFolder);
  await folder?.check();
  const model = wanted.modelFile === undefined ? undefined : await readModel(wanted.modelFile);
  progress.show("reading", 0);
  const { records, columns } = await loadRecords(wanted, model?.schema);
  say(columnLines(columns, wanted));
  for (const id of wanted.explain ?? []) recordOf(records, id);
  if (records.isIdPrefixed) say("the same id stands in several files: ids are written as file:id");
  const isLinked = records.sourceNames.length > 1 && !wanted.isDeduplicating;
  const result = matchRecords(records.table, {
    seed: wanted.seed,
    threshold: wanted.threshold,
    isLinked,
    isOneToOne: wanted.isOneToOne,
    ...(model === undefined ? {} : { model }),
    onProgress: (stage, share) => progress.show(stage, share),
  });
  const quality =
    wanted.truthColumn === undefined
      ? undefined
      : evaluatePartition(result.clusters, records.truth);
  progress.show("writing", 0);
  if (folder !== undefined) await writeResults(folder, records, result, quality);
  say(resultLine(records, result, isLinked));
  if (quality !== undefined) say(qualityLines(quality));
  if (wanted.explain !== undefined) say(explanationLines(records, result, wanted.explain));
  if (wanted.outputFolder !== undefined)
    say(`written to ${wanted.outputFolder}: clusters.csv, pairs.csv, model.json, report.html`);
}

/** `selfsame match`: reads, matches, writes. Throws InputError for what the caller can mend. */
export async function matchCommand(words: readonly string[], output: CommandOutput): Promise<void> {
  const wanted = readMatchArguments(words);
  if (wanted.isHelp) output.write(MATCH_HELP);
  else await run(wanted, output);
}
