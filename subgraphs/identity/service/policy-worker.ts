import type { Logger } from "../../../kernel/logging/logger.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { GraphScan, ScannedIdentifier } from "../store/graph-scan.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { Loop, type StepOutcome } from "../../../kernel/time/loop.ts";
import type { PolicyRun, PolicyRuns } from "../store/policy-runs.ts";
import { byRule, type ChangeContext } from "./audit-writer.ts";
import type { GroupRepair } from "./group-repair.ts";
import type { FollowedPolicy } from "./policy-in-force.ts";
import { type EvidenceOfGeneric, PolicyUnit } from "./policy-unit.ts";

const pollIntervalMs = 1_000;
const scannedAtOnce = 1_000;
/** Identifiers that one unit of work looks around; events wait for one unit at the most. */
const seedsAtOnce = 40;
/** Evidence at a generic value that is counted anew; one that has more stays generic. */
const genericEvidenceMax = 5_000;
const pauseMsMin = 5;
const pauseMsMax = 500;

export interface PolicyWorkerParts {
  store: IdentityStore;
  runs: PolicyRuns;
  policy: FollowedPolicy;
  readBody: (version: number) => Promise<string | null>;
  clock: Clock;
  logger: Logger;
  repair: GroupRepair;
}

/**
 * Follows the policy in force, finishes activations that were begun, and brings them about: a pass
 * over all identifiers, whose components are made anew a few at a time. It goes on after a restart
 * where it was; what it has done once it does not do again, as each person knows the policy it was
 * grouped under. It works half of the time at most, so that events go first.
 */
export class PolicyWorker {
  private readonly parts: PolicyWorkerParts;
  private readonly scan: GraphScan;
  private readonly loop: Loop;

  constructor(parts: PolicyWorkerParts) {
    this.parts = parts;
    this.scan = parts.store.scan;
    this.loop = new Loop(() => this.step(), pollIntervalMs);
  }

  wake(): void {
    this.loop.wake();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Whether there is nothing to be brought about. */
  async isSettled(): Promise<boolean> {
    if (this.loop.isEnding) return true;
    const run = await this.parts.runs.latest();
    return run?.state !== "RUNNING" && (await this.parts.repair.isSettled());
  }

  /** Puts the last activation in force in the graph, if it is not yet, and follows it. */
  async settle(): Promise<PolicyRun | null> {
    const { store, runs, policy, readBody } = this.parts;
    const run = await runs.latest();
    const standing = await store.policyStanding();
    if (run && standing.activation < run.activation) {
      await store.write((graph) => graph.usePolicy(run));
      await policy.follow(run, readBody);
    } else await policy.follow(standing, readBody);
    return run;
  }

  private async step(): Promise<StepOutcome> {
    try {
      const run = await this.settle();
      const startedAt = performance.now();
      const isRunning = run?.state === "RUNNING";
      if (isRunning) await this.advance(run);
      const hasRepaired = await this.parts.repair.next();
      if (!isRunning && !hasRepaired) return "idle";
      await this.pause(performance.now() - startedAt);
      return "worked";
    } catch (error) {
      if (!this.loop.isEnding) {
        this.parts.logger.warn("a policy waits to be brought about", { error });
      }
      return "failed";
    }
  }

  private async advance(run: PolicyRun): Promise<void> {
    const rows = await this.scan.identifiers(run.cursor, scannedAtOnce);
    const due = rows.filter(
      ({ personId, policyVersion, generic }) =>
        personId !== null && (generic || policyVersion !== run.version),
    );
    const seeds = due.slice(0, seedsAtOnce);
    const result = await this.regroup(run, seeds);
    const last = due.length > seeds.length ? seeds.at(-1) : rows.at(-1);
    const passed = last ? rows.indexOf(last) + 1 : 0;
    const isDone = passed === rows.length && rows.length < scannedAtOnce;
    await this.parts.runs.advance(run.id, {
      cursor: last?.key ?? run.cursor,
      done: run.done + passed,
      merges: run.merges + result.merges,
      splits: run.splits + result.splits,
      broken: run.broken + result.oversize.length,
      state: isDone ? "DONE" : "RUNNING",
      endedAt: isDone ? this.parts.clock.now().toISOString() : null,
    });
  }

  private async regroup(run: PolicyRun, seeds: readonly ScannedIdentifier[]) {
    if (seeds.length === 0) return { merges: 0, splits: 0, oversize: [] };
    const generics = await this.evidenceOfGenerics(seeds);
    const keys = seeds.map(({ key }) => key);
    return this.parts.store.write(
      (graph) => {
        const index = this.parts.policy.current();
        return new PolicyUnit(graph, index, contextOf(run)).regroup(keys, generics);
      },
      { isBackground: true },
    );
  }

  private async evidenceOfGenerics(
    seeds: readonly ScannedIdentifier[],
  ): Promise<EvidenceOfGeneric> {
    const found = new Map<string, { claims: number; evidence: Evidence[] } | null>();
    for (const { key, generic } of seeds) {
      if (!generic) continue;
      const identifiers = await this.parts.store.reader.identifiersByKey([key]);
      const evidence = await this.scan.evidenceAt(key, genericEvidenceMax + 1);
      const isAll = evidence.length <= genericEvidenceMax;
      const claims = identifiers.get(key)?.claims ?? 0;
      found.set(key, isAll ? { claims, evidence } : null);
    }
    return found;
  }

  private pause(workedMs: number): Promise<void> {
    const ms = Math.min(Math.max(workedMs, pauseMsMin), pauseMsMax);
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

/** As what the changes of a run stand in the audit log. */
function contextOf({ version, startedAt, actor, reason }: PolicyRun): ChangeContext {
  const rule = `policy_version_${version}`;
  const cause = { messageId: null, eventName: null, rule, decision: null };
  return {
    ...byRule(startedAt, cause),
    actor,
    reason: reason ?? `Version ${version} of the identity policy was activated`,
  };
}
