import { setTimeout as pause } from "node:timers/promises";
import { InputError } from "./input/input-error.ts";
import type { FileRecord } from "./record-file.ts";

/** A problem as the API tells it. */
export interface SaidProblem {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

/** What became of one call. */
export interface PutAnswer {
  readonly accepted: number;
  readonly rejected: readonly { index: number; key: string; problems: readonly SaidProblem[] }[];
  readonly problems: readonly SaidProblem[];
}

interface Reply {
  readonly data?: { putRecords: PutAnswer };
  readonly errors?: readonly { message: string; extensions?: { retryable?: boolean } }[];
}

const document = `mutation ($input: PutRecordsInput!) { putRecords(input: $input) {
  accepted rejected { index key problems { code message path } } problems { code message path } } }`;
const triesMax = 8;
const firstPauseMs = 250;
const answerMsMax = 120_000;

/**
 * Sends records to a platform that runs. What may pass is tried again, all told for half a minute; but who never
 * answered is not waited for.
 */
export class RecordSender {
  private readonly url: URL;
  private readonly key: string;
  private readonly source: string;
  private hasAnswered = false;

  constructor({ url, key, source }: { url: URL; key: string; source: string }) {
    this.url = new URL("/graphql", url);
    this.key = key;
    this.source = source;
  }

  /** At most 500. Throws InputError when the platform does not answer or refuses the whole call. */
  async put(batch: readonly FileRecord[]): Promise<PutAnswer> {
    const input = { source: this.source, records: batch.map(({ record }) => record) };
    const body = JSON.stringify({ query: document, variables: { input } });
    for (let tries = 1; ; tries += 1) {
      const { data, errors } = await this.post(body);
      if (data?.putRecords) return this.checked(data.putRecords);
      const [error] = errors ?? [];
      if (tries === triesMax || !error?.extensions?.retryable) {
        throw new InputError(error?.message ?? `what answers at ${this.url.origin} is no Selfsame`);
      }
      await pause(firstPauseMs * 2 ** (tries - 1));
    }
  }

  private async post(body: string): Promise<Reply> {
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${this.key}` },
        body,
        signal: AbortSignal.timeout(answerMsMax),
      });
      const reply = (await response.json()) as Reply;
      this.hasAnswered = true;
      return reply;
    } catch (error) {
      if (error instanceof SyntaxError) return {};
      const message = `nothing answers at ${this.url.origin}; is the platform running?`;
      return { errors: [{ message, extensions: { retryable: this.hasAnswered } }] };
    }
  }

  /** A problem with the call itself is about no record. */
  private checked(answer: PutAnswer): PutAnswer {
    const problem = answer.problems.find(({ path }) => path.length < 2);
    if (problem) throw new InputError(`${problem.code}: ${problem.message}`);
    return answer;
  }
}
