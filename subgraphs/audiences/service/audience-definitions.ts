import type { Database, Transaction } from "../../../kernel/database/database.ts";
import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { type Audience, audienceLimits } from "../domain/audience.ts";
import { type AudienceDraft, checkDraft } from "../domain/audience-draft.ts";
import { parseRule } from "../domain/parse-rule.ts";
import { versionLife } from "../domain/version-state.ts";
import type { DefinitionStore } from "../store/definition-store.ts";
import type { ActivationWorker } from "./activation-worker.ts";
import type { WriterLock } from "./writer-lock.ts";

/** The audience after the act, or why it was refused. */
export interface DefinitionResult {
  audience: Audience | null;
  problems: Problem[];
}

/** How long a mutation waits for the counting of the history; then the state is ACTIVATING. */
const activationWaitMs = 5_000;

const refused = (...problems: Problem[]): DefinitionResult => ({ audience: null, problems });

const unknown = (name: string) =>
  refused(problem("AUDIENCE_NOT_FOUND", `There is no audience ${name}.`, ["name"]));

/** Defines audiences and puts their versions into force. Each method is one transaction. */
export class AudienceDefinitions {
  private readonly database: Database;
  private readonly clock: Clock;
  private readonly store: DefinitionStore;
  private readonly worker: ActivationWorker;
  private readonly lock: WriterLock;

  constructor(parts: {
    database: Database;
    clock: Clock;
    definitions: DefinitionStore;
    worker: ActivationWorker;
    lock: WriterLock;
  }) {
    this.database = parts.database;
    this.clock = parts.clock;
    this.store = parts.definitions;
    this.worker = parts.worker;
    this.lock = parts.lock;
  }

  /** A new audience with version 1 of its rule, in state DRAFT. */
  async create(draft: AudienceDraft, rule: unknown): Promise<DefinitionResult> {
    const parsed = parseRule(rule);
    const problems = [...checkDraft(draft), ...parsed.problems];
    if (problems.length > 0 || !parsed.rule) return refused(...problems);
    const createdAt = this.clock.now();
    return this.write(async (transaction) => {
      if ((await this.store.audienceCount(transaction)) >= audienceLimits.audiencesMax) {
        const message = `There are at most ${audienceLimits.audiencesMax} audiences.`;
        return refused(problem("TOO_MANY_AUDIENCES", message));
      }
      if (!(await this.store.insertAudience(transaction, { ...draft, createdAt }))) {
        const message = `An audience ${draft.name} is there already; add a version to it.`;
        return refused(problem("AUDIENCE_EXISTS", message, ["name"]));
      }
      const { id } = (await this.find(transaction, draft.name))!;
      await this.store.insertVersion(transaction, id, {
        number: 1,
        rule: parsed.rule,
        createdAt,
      });
      return this.result(transaction, draft.name);
    });
  }

  /**
   * Changes what is said about the audience; absent fields stay. The rule changes by a new
   * version.
   */
  async update(name: string, changes: Partial<Omit<AudienceDraft, "name">>) {
    return this.write(async (transaction) => {
      const audience = await this.find(transaction, name);
      if (!audience) return unknown(name);
      const given = Object.entries(changes).filter(([, value]) => value !== undefined);
      const next = { ...audience, ...Object.fromEntries(given) };
      const problems = checkDraft(next);
      if (problems.length > 0) return refused(...problems);
      await this.store.updateAudience(transaction, audience.id, next);
      return this.result(transaction, name);
    });
  }

  /** A further version in state DRAFT; the version in force stays in force. */
  async addVersion(name: string, rule: unknown): Promise<DefinitionResult> {
    const parsed = parseRule(rule);
    if (!parsed.rule) return refused(...parsed.problems);
    return this.write(async (transaction) => {
      const audience = await this.find(transaction, name);
      if (!audience) return unknown(name);
      const number = audience.versions.length + 1;
      if (number > audienceLimits.versionsMax) {
        const message = `An audience has at most ${audienceLimits.versionsMax} versions.`;
        return refused(problem("TOO_MANY_VERSIONS", message, ["name"]));
      }
      const createdAt = this.clock.now();
      await this.store.insertVersion(transaction, audience.id, {
        number,
        rule: parsed.rule,
        createdAt,
      });
      return this.result(transaction, name);
    });
  }

  /**
   * Puts a version into force, counting the history that is there; does nothing when it is.
   * Answers when that is done, or after 5 s with the version still ACTIVATING. Differences to the
   * version before are announced as they are found.
   */
  async activate(name: string, number: number): Promise<DefinitionResult> {
    const result = await this.write(async (transaction) => {
      const audience = await this.find(transaction, name);
      if (!audience) return unknown(name);
      const version = audience.versions.find((it) => it.number === number);
      if (!version) {
        const message = `The audience has no version ${number}.`;
        return refused(problem("VERSION_NOT_FOUND", message, ["version"]));
      }
      const state = versionLife[version.state].ACTIVATE;
      if (!state) return { audience, problems: [] };
      if (await this.isActivating(transaction, audience)) {
        const message = "An activation of this audience is under way; try again when it is done.";
        return refused(problem("ACTIVATION_IN_PROGRESS", message, ["name"]));
      }
      const at = this.clock.now();
      await this.store.setVersionState(transaction, audience.id, number, state, at);
      const activation = { audienceId: audience.id, version: number, afterPerson: "" };
      await this.store.startActivation(transaction, activation, at);
      return this.result(transaction, name);
    });
    return this.afterWork(name, result);
  }

  /** Switches the audience off: nobody is a member any more, each exit is announced. */
  async deactivate(name: string): Promise<DefinitionResult> {
    const result = await this.write(async (transaction) => {
      const audience = await this.find(transaction, name);
      if (!audience) return unknown(name);
      const inForce = audience.versions.filter((it) => versionLife[it.state].DEACTIVATE);
      if (inForce.length === 0) {
        return refused(problem("VERSION_STATE", "No version of it is in force.", ["name"]));
      }
      const at = this.clock.now();
      for (const { number } of inForce) {
        await this.store.setVersionState(transaction, audience.id, number, "RETIRED", at);
      }
      const activation = { audienceId: audience.id, version: null, afterPerson: "" };
      await this.store.startActivation(transaction, activation, at);
      return this.result(transaction, name);
    });
    return this.afterWork(name, result);
  }

  private async afterWork(name: string, result: DefinitionResult): Promise<DefinitionResult> {
    if (!result.audience) return result;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, activationWaitMs);
    });
    await Promise.race([this.worker.wake(), patience]);
    clearTimeout(timer);
    const [audience] = await this.store.audiencesByName(this.database, [name]);
    return { audience: audience ?? null, problems: [] };
  }

  private async isActivating(transaction: Transaction, audience: Audience): Promise<boolean> {
    const activations = await this.store.activations(transaction);
    return activations.some((activation) => activation.audienceId === audience.id);
  }

  private async find(transaction: Transaction, name: string): Promise<Audience | null> {
    const [audience] = await this.store.audiencesByName(transaction, [name]);
    return audience ?? null;
  }

  private async result(transaction: Transaction, name: string): Promise<DefinitionResult> {
    await this.store.raiseRevision(transaction);
    return { audience: await this.find(transaction, name), problems: [] };
  }

  private write(work: (transaction: Transaction) => Promise<DefinitionResult>) {
    return this.database.transaction(async (transaction) => {
      await this.lock.take(transaction);
      return work(transaction);
    });
  }
}
