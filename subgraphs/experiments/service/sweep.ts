import type { Experiment } from "../domain/experiment.ts";
import { assignEligible } from "./assign-eligible.ts";
import type { ExperimentsContext } from "./experiments-context.ts";

const personsPerPage = 500;
/** Pages a caller waits for; the rest goes on behind him. */
const pagesAwaited = 4;

/**
 * Assigns those who were eligible before their experiment started. Done page by page, each a
 * transaction; doing it again changes nothing, so it simply starts over with the process.
 */
export class Sweep {
  private readonly context: ExperimentsContext;
  private readonly running = new Set<Promise<void>>();
  private isStopping = false;

  constructor(context: ExperimentsContext) {
    this.context = context;
  }

  /** Takes up every experiment that runs; called when the process starts. */
  async resume(): Promise<void> {
    const started = await this.context.store.started(this.context.database);
    const running = started.filter((experiment) => experiment.state === "RUNNING");
    this.goOn(async () => {
      for (const experiment of running) await this.pages(experiment, "", Number.POSITIVE_INFINITY);
    });
  }

  /** Assigns the first ones now, and the rest soon. */
  async begin(experiment: Experiment): Promise<void> {
    const after = await this.pages(experiment, "", pagesAwaited);
    if (after === null) return;
    this.goOn(async () => {
      await this.pages(experiment, after, Number.POSITIVE_INFINITY);
    });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.running);
  }

  private goOn(work: () => Promise<void>): void {
    const running = work()
      .catch((error: unknown) =>
        this.context.logger.warn("assigning stopped; it is resumed at the next start", { error }),
      )
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  /** Gives the person after whom to go on; null when all are done. */
  private async pages(
    { name }: Experiment,
    from: string,
    pagesMax: number,
  ): Promise<string | null> {
    let after = from;
    for (let page = 0; page < pagesMax && !this.isStopping; page += 1) {
      const last = await this.page(name, after);
      if (last === null) return null;
      after = last;
    }
    return after;
  }

  private page(name: string, after: string): Promise<string | null> {
    const { database, store } = this.context;
    return database.transaction(async (transaction) => {
      await store.lockAssigning(transaction);
      const experiment = await store.find(transaction, name);
      if (experiment?.state !== "RUNNING") return null;
      const { audience } = experiment;
      const personIds = await store.eligiblePage(transaction, audience, after, personsPerPage);
      const eligible = personIds.map((personId) => ({ experiment, personId }));
      await assignEligible(this.context, transaction, eligible);
      return personIds.length < personsPerPage ? null : personIds.at(-1)!;
    });
  }
}
