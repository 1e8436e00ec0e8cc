import { createWriteStream, type WriteStream } from "node:fs";
import { once } from "node:events";
import { type ClientSettings, readClientSettings } from "./config.ts";
import { InputError } from "./input/input-error.ts";
import type { CommandOutput } from "./match-command.ts";
import { ProgressBar } from "./output/progress-bar.ts";
import { type PutRecordsArguments, readPutRecordsArguments } from "./put-records-arguments.ts";
import { PUT_RECORDS_HELP } from "./put-records-help.ts";
import { checkFiles, type FileRecord, recordsOf } from "./record-file.ts";
import { RecordSender, type SaidProblem } from "./record-sender.ts";

const batchRecords = 200;
/** A call is refused from 2 MB on. */
const batchCharacters = 1_000_000;
const printedMax = 10;

/** What became of the records so far. */
interface Tally {
  sent: number;
  accepted: number;
  rejected: number;
  /** Identifiers that accepted records were kept without. */
  leftOut: number;
}

/** `selfsame put-records`: reads, checks, sends. Gives the exit code; throws InputError. */
export async function putRecordsCommand(
  words: readonly string[],
  output: CommandOutput,
  settings: ClientSettings = readClientSettings(),
): Promise<number> {
  const wanted = readPutRecordsArguments(words, settings);
  if (wanted === null) {
    output.write(PUT_RECORDS_HELP);
    return 0;
  }
  const progress = new ProgressBar(output.isTerminal, output.writeProgress, ["reading", "sending"]);
  progress.show("reading", 0);
  const total = await checkFiles(wanted);
  if (wanted.isCheck) {
    progress.clear();
    output.write(`${total} records could be read; nothing was sent\n`);
    return 0;
  }
  const delivery = new Delivery(wanted, output, progress, total);
  return delivery.run();
}

class Delivery {
  private readonly wanted: PutRecordsArguments;
  private readonly output: CommandOutput;
  private readonly progress: ProgressBar<"reading" | "sending">;
  private readonly total: number;
  private readonly sender: RecordSender;
  private readonly tally: Tally = { sent: 0, accepted: 0, rejected: 0, leftOut: 0 };
  private rejections: WriteStream | null = null;

  constructor(
    wanted: PutRecordsArguments,
    output: CommandOutput,
    progress: ProgressBar<"reading" | "sending">,
    total: number,
  ) {
    this.wanted = wanted;
    this.output = output;
    this.progress = progress;
    this.total = total;
    this.sender = new RecordSender(wanted);
  }

  async run(): Promise<number> {
    if (this.wanted.rejectedFile !== undefined) await this.openRejections(this.wanted.rejectedFile);
    try {
      for await (const batch of batchesOf(recordsOf(this.wanted, new Date())))
        await this.send(batch);
    } catch (error) {
      throw error instanceof InputError ? this.brokenOff(error) : error;
    } finally {
      this.progress.clear();
      await this.closeRejections();
    }
    this.output.write(this.summary());
    return this.tally.rejected > 0 ? 2 : 0;
  }

  private async send(batch: readonly FileRecord[]): Promise<void> {
    const { tally } = this;
    this.progress.show("sending", tally.sent / this.total);
    const { accepted, rejected, problems } = await this.sender.put(batch);
    tally.sent += batch.length;
    tally.accepted += accepted;
    tally.leftOut += problems.length;
    for (const { index, key, problems: why } of rejected) this.reject(batch[index]!, key, why);
  }

  private reject({ file, line }: FileRecord, key: string, problems: readonly SaidProblem[]): void {
    this.tally.rejected += 1;
    if (this.rejections) {
      this.rejections.write(`${JSON.stringify({ file, line, key, problems })}\n`);
    } else if (this.tally.rejected <= printedMax) {
      const why = problems.map(({ code, message }) => `${code}: ${message}`).join(" ");
      this.progress.clear();
      this.output.write(`${file}, line ${line}: "${key}" was refused. ${why}\n`);
    }
  }

  private summary(): string {
    const { accepted, rejected, leftOut } = this.tally;
    const hidden = this.rejections === null && rejected > printedMax;
    const all = hidden ? "; --rejected FILE lists them all" : "";
    const without =
      leftOut > 0
        ? `; ${leftOut} identifiers were left out (blocked, malformed, of no namespace)`
        : "";
    return `${accepted} records taken in, ${rejected} refused${all}${without}\n`;
  }

  private brokenOff({ message }: InputError): InputError {
    const { sent } = this.tally;
    if (sent === 0) return new InputError(message);
    return new InputError(
      `${message}\n${sent} of ${this.total} records were sent; run it again: nothing is taken in twice`,
    );
  }

  private async openRejections(path: string): Promise<void> {
    const file = createWriteStream(path);
    await once(file, "open").catch((cause: Error) => {
      throw new InputError(`--rejected ${path}: ${cause.message}`);
    });
    this.rejections = file;
  }

  private async closeRejections(): Promise<void> {
    if (!this.rejections) return;
    this.rejections.end();
    await once(this.rejections, "close");
  }
}

async function* batchesOf(records: AsyncIterable<FileRecord>): AsyncGenerator<FileRecord[]> {
  let batch: FileRecord[] = [];
  let characters = 0;
  for await (const each of records) {
    const own = JSON.stringify(each.record).length;
    if (batch.length === batchRecords || (batch.length > 0 && characters + own > batchCharacters)) {
      yield batch;
      [batch, characters] = [[], 0];
    }
    batch.push(each);
    characters += own;
  }
  if (batch.length > 0) yield batch;
}
