import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { type RawRecord, readRecord } from "../domain/records/read-record.ts";
import { recordName, type SourceRecord } from "../domain/records/source-record.ts";
import { type KnownRecord, type Records, supersedes } from "../store/records.ts";
import type { MatchingTraining } from "./matching-training.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import type { RecordWorker } from "./record-worker.ts";

export const recordsMax = 500;
const sourceCharactersMax = 100;

/** What became of a call. */
export interface PutRecordsResult {
  accepted: number;
  rejected: { index: number; key: string; problems: Problem[] }[];
  problems: Problem[];
}

/** Takes records in: what is accepted is on disk, matched and resolved when this answers. */
export class RecordIntake {
  private readonly records: Records;
  private readonly worker: RecordWorker;
  private readonly training: MatchingTraining;
  private readonly policy: PolicyInForce;
  private readonly clock: Clock;

  constructor(
    records: Records,
    worker: RecordWorker,
    training: MatchingTraining,
    policy: PolicyInForce,
    clock: Clock,
  ) {
    this.records = records;
    this.worker = worker;
    this.training = training;
    this.policy = policy;
    this.clock = clock;
  }

  async put(source: string, raws: readonly RawRecord[]): Promise<PutRecordsResult> {
    const problems = callProblems(source, raws.length);
    if (problems.length > 0) return { accepted: 0, rejected: [], problems };
    const good: Read[] = [];
    const rejected: PutRecordsResult["rejected"] = [];
    const now = this.clock.now();
    raws.forEach((raw, index) => {
      const read = readRecord(raw, source, now, ["records", index]);
      if (read.record) good.push({ index, record: read.record });
      else rejected.push({ index, key: raw.key, problems: read.problems });
      if (read.record) problems.push(...this.unread(raw, index));
    });
    await this.records.put(good.map(({ record }) => record));
    const kept = await this.tell(good.map(({ record }) => record));
    const erased = erasedOf(good, kept);
    rejected.push(...erased);
    return { accepted: good.length - erased.length, rejected, problems };
  }

  /** Tells the graph records that were kept: those in force, and what others said before. */
  async tell(put: readonly SourceRecord[]): Promise<Kept> {
    await this.worker.sweep();
    const kept = await this.records.byNames(put.map(recordName));
    await this.worker.recall(pastOf(put, kept));
    await this.training.notePut(put.filter((record) => kept.has(recordName(record))).length);
    return kept;
  }

  /** Identifiers of a good record that take no part; blocked ones are meant to, and only counted. */
  private unread({ identifiers }: RawRecord, index: number): Problem[] {
    return identifiers.flatMap((raw, place) => {
      const { dropped } = this.policy.identifiers.read(raw);
      if (dropped === null || dropped === "BLOCKED") return [];
      const message =
        dropped === "MALFORMED"
          ? "The identifier cannot be read; the record is kept without it."
          : "The policy knows no such namespace; the record is kept without the identifier.";
      return [problem(`IDENTIFIER_${dropped}`, message, ["records", index, "identifiers", place])];
    });
  }
}

interface Read {
  index: number;
  record: SourceRecord;
}

type Kept = ReadonlyMap<string, KnownRecord>;

/** Contents that others are newer than: they only say who was named before. */
function pastOf(put: readonly SourceRecord[], kept: Kept): SourceRecord[] {
  return put.filter((record) => {
    const now = kept.get(recordName(record));
    return now !== undefined && supersedes(now, record);
  });
}

/** Records that are gone as soon as they were told: they are of before an erasure of whom they name. */
function erasedOf(good: readonly Read[], kept: Kept): PutRecordsResult["rejected"] {
  return good
    .filter(({ record }) => !kept.has(recordName(record)))
    .map(({ index, record: { key } }) => {
      const message = "Somebody whom it names was erased after it was observed.";
      return { index, key, problems: [problem("SUBJECT_ERASED", message, ["records", index])] };
    });
}

function callProblems(source: string, count: number): Problem[] {
  const isName =
    source.trim() !== "" &&
    source.length <= sourceCharactersMax &&
    !source.includes("/") &&
    !source.includes("\u0000") &&
    source.isWellFormed();
  const problems: Problem[] = [];
  if (!isName) {
    const message = `A source has 1 to ${sourceCharactersMax} characters and no slash.`;
    problems.push(problem("SOURCE_INVALID", message, ["source"]));
  }
  if (count > recordsMax) {
    const message = `A call takes at most ${recordsMax} records.`;
    problems.push(problem("TOO_MANY_RECORDS", message, ["records"]));
  }
  return problems;
}
