const usersCount = 40;
const batchSize = 20;
/** The last users come as strangers first and are recognised later. */
export const strangersFrom = 30;

export const userId = (index: number) => `u-${index}`;
export const emailOf = (index: number) => `u${index}@people.example`;

type Event = Record<string, unknown> & { messageId: string };

/** The event of a number: who they are at first, then what they buy, and some return it. */
function eventOf(number: number): Event {
  const index = number % usersCount;
  const round = Math.floor(number / usersCount);
  const messageId = `m-${number}`;
  const isStranger = index >= strangersFrom;
  const known = { messageId, userId: userId(index) };
  if (round === (isStranger ? 4 : 0)) {
    const traits = { email: emailOf(index) };
    const context = { consent: { categoryPreferences: { marketing: true } } };
    const linked = isStranger ? { anonymousId: `a-${index}` } : {};
    return { type: "identify", ...known, ...linked, traits, context };
  }
  const who = isStranger && round < 4 ? { messageId, anonymousId: `a-${index}` } : known;
  const isReturn = round === 6 && index % 4 === 0;
  return { type: "track", ...who, event: isReturn ? "returned" : "bought" };
}

/** Sends batches one after the other, and remembers which events were acknowledged. */
export class Loader {
  readonly acknowledged = new Set<string>();
  unacknowledged = 0;
  private readonly url: string;
  private readonly authorization: string;
  private next = 0;
  private isStopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(url: string, writeKey: string) {
    this.url = url;
    this.authorization = `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`;
  }

  start(): void {
    this.isStopped = false;
    this.running = this.run();
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return this.running;
  }

  private async run(): Promise<void> {
    while (!this.isStopped) {
      const numbers = Array.from({ length: batchSize }, (_, index) => this.next + index);
      // As an SDK does: what was not acknowledged is sent again, under the same message ids.
      if (await this.send(numbers.map(eventOf))) this.next += batchSize;
      else await new Promise((resolve) => setTimeout(resolve, 100));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private async send(batch: Event[]): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/v1/batch`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: this.authorization },
        body: JSON.stringify({ batch }),
        signal: AbortSignal.timeout(20_000),
      });
      const { accepted, duplicates } = (await response.json()) as Record<string, number>;
      if (response.status !== 200 || accepted! + duplicates! !== batch.length) throw response;
      for (const { messageId } of batch) this.acknowledged.add(messageId);
      return true;
    } catch {
      this.unacknowledged += 1;
      return false;
    }
  }
}
