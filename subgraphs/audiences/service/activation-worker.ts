import type { Database, Transaction } from "../../../kernel/database/database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { Activation, DefinitionStore } from "../store/definition-store.ts";
import type { MembershipStore } from "../store/membership-store.ts";
import type { ProjectionStore } from "../store/projection-store.ts";
import { type AudienceBook, RunningAudience } from "./audience-book.ts";
import { type Findings, type MembershipEvaluator, noCause } from "./membership-evaluator.ts";
import { exitOf, type MembershipWriter } from "./membership-writer.ts";
import type { WriterLock } from "./writer-lock.ts";

/** Persons counted in one transaction: short enough that live events wait some 50 ms at most. */
const pagePersons = 250;
const retryMs = 1_000;

interface ActivationParts {
  database: Database;
  clock: Clock;
  logger: Logger;
  definitions: DefinitionStore;
  projections: ProjectionStore;
  memberships: MembershipStore;
  lock: WriterLock;
  evaluator: MembershipEvaluator;
  writer: MembershipWriter;
}

/**
 * Brings a version into force over the persons that are already there, page by page in order of
 * their ids. The place reached is saved with each page, so a crash repeats nothing; live changes
 * go on meanwhile under the version that is in force for each person (see `RunningAudience`).
 */
export class ActivationWorker {
  private readonly parts: ActivationParts;
  private running: Promise<void> | null = null;
  private isStopped = false;
  private isWoken = false;
  private retry: ReturnType<typeof setTimeout> | null = null;

  constructor(parts: ActivationParts) {
    this.parts = parts;
  }

  /**
   * Starts working through what is to be done, unless it is being done; ends when nothing is left.
   */
  wake(): Promise<void> {
    this.isWoken = true;
    this.running ??= this.work()
      .catch((cause: unknown) => this.again(cause))
      .finally(() => {
        this.running = null;
        if (this.isWoken && !this.isStopped && !this.retry) void this.wake();
      });
    return this.running;
  }

  /** Ends after the page under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.retry) clearTimeout(this.retry);
    await this.running;
  }

  private again(cause: unknown): void {
    this.parts.logger.warn("an audience's activation was interrupted; tried again", {
      error: cause,
    });
    if (this.isStopped) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      void this.wake();
    }, retryMs);
  }

  private async work(): Promise<void> {
    const { database, definitions } = this.parts;
    while (this.isWoken && !this.isStopped) {
      this.isWoken = false;
      for (const { audienceId } of await definitions.activations(database)) {
        let goesOn = true;
        while (goesOn && !this.isStopped) {
          goesOn = await database.transaction((transaction) => this.page(transaction, audienceId));
        }
      }
    }
  }

  /** One page; false when the activation is complete (or was taken back). */
  private async page(transaction: Transaction, audienceId: number): Promise<boolean> {
    const { definitions, lock } = this.parts;
    const book = await lock.take(transaction);
    const activations = await definitions.activations(transaction);
    const activation = activations.find((it) => it.audienceId === audienceId);
    if (!activation) return false;
    return activation.version === null
      ? this.letMembersGo(transaction, activation, book)
      : this.bringIn(transaction, activation, book);
  }

  private async bringIn(transaction: Transaction, activation: Activation, book: AudienceBook) {
    const { definitions, projections, evaluator, writer, clock } = this.parts;
    const audience = book.byId.get(activation.audienceId)!;
    const page = await projections.personsAfter(transaction, activation.afterPerson, pagePersons);
    const nowMs = clock.now().getTime();
    const last = page.at(-1)?.personId ?? activation.afterPerson;
    const underNew = RunningAudience.reaching(audience, last);
    const moment = { fromMs: nowMs, untilMs: nowMs };
    const questions = page.map(({ personId }) => ({ personId, audience: underNew, ...moment }));
    const findings = await evaluator.assess(transaction, questions, () => noCause);
    const isComplete = page.length < pagePersons;
    if (isComplete) await this.complete(transaction, activation);
    else await definitions.advanceActivation(transaction, activation.audienceId, last);
    await definitions.raiseRevision(transaction);
    await writer.write(transaction, findings, book);
    return !isComplete;
  }

  private async complete(transaction: Transaction, { audienceId, version }: Activation) {
    const { definitions, clock } = this.parts;
    const at = clock.now();
    const [audience] = await definitions.audiencesById(transaction, [audienceId]);
    for (const other of audience!.versions) {
      if (other.state === "ACTIVE") {
        await definitions.setVersionState(transaction, audienceId, other.number, "RETIRED", at);
      }
    }
    await definitions.setVersionState(transaction, audienceId, version!, "ACTIVE", at);
    await definitions.endActivation(transaction, audienceId);
  }

  private async letMembersGo(transaction: Transaction, activation: Activation, book: AudienceBook) {
    const { definitions, memberships, writer, clock } = this.parts;
    const { audienceId } = activation;
    const now = clock.now();
    const rows = await memberships.members(transaction, audienceId, "", pagePersons);
    const findings: Findings = {
      rows: rows.map((row) => ({ ...row, isMember: false, exitedAt: now, dueAtMs: null })),
      changes: rows.map((row) => exitOf(row, book, now, noCause)),
    };
    const isComplete = rows.length < pagePersons;
    if (isComplete) {
      await definitions.endActivation(transaction, audienceId);
      await definitions.raiseRevision(transaction);
    }
    await writer.write(transaction, findings, book);
    return !isComplete;
  }
}
