import { newId } from "../../../kernel/ids/new-id.ts";
import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { IdentityPolicy } from "../domain/identity-policy.ts";
import { type NamespaceUse, rereadProblems } from "../domain/policy-change.ts";
import { proposePolicy } from "../domain/policy-proposal.ts";
import type { GraphScan } from "../store/graph-scan.ts";
import type { Policies, PolicyVersion } from "../store/policies.ts";
import type { PolicyRun, PolicyRuns } from "../store/policy-runs.ts";

const reasonCharactersMax = 1_000;

export interface PolicyAnswer {
  policy: PolicyVersion | null;
  problems: Problem[];
}

export interface ActivationAnswer extends PolicyAnswer {
  run: PolicyRun | null;
}

interface PolicyDeskParts {
  policies: Policies;
  runs: PolicyRuns;
  scan: GraphScan;
  clock: Clock;
  /** Puts the last activation in force. */
  settle: () => Promise<unknown>;
  wake: () => void;
}

/** Proposals, approvals by somebody else, activations. */
export class PolicyDesk {
  private readonly parts: PolicyDeskParts;

  constructor(parts: PolicyDeskParts) {
    this.parts = parts;
  }

  /** Keeps what a sparse document makes of its base as the next version. */
  async propose(
    input: { base?: number | null; policy: unknown; reason?: string | null },
    owner: string,
  ): Promise<PolicyAnswer> {
    const { policies, clock } = this.parts;
    const active = await policies.active();
    const base = input.base == null ? active : await policies.find(input.base);
    if (!base) return refused(unknownVersion("base"));
    const { policy, problems } = proposePolicy(base.policy, input.policy, 0);
    const wrong = [...problems, ...reasonProblems(input.reason)];
    if (!policy || wrong.length > 0) return { policy: null, problems: wrong };
    const unreadable = await this.rereadProblems(active.policy, policy);
    if (unreadable.length > 0) return { policy: null, problems: unreadable };
    const at = clock.now().toISOString();
    const reason = input.reason?.trim() ?? null;
    const made = await policies.propose({ owner, base: base.version, reason, at }, (version) => ({
      ...policy,
      version,
    }));
    return { policy: made, problems: [] };
  }

  /** Somebody else than the owner says yes or no. */
  async decide(version: number, state: "APPROVED" | "REJECTED", by: string): Promise<PolicyAnswer> {
    const { policies, clock } = this.parts;
    const known = await policies.find(version);
    if (!known) return refused(unknownVersion("version"));
    if (known.state !== "PROPOSED") {
      const text = `Version ${version} is ${known.state}; only a proposal can be decided on.`;
      return refused(problem("POLICY_STATE", text, ["version"]));
    }
    if (known.owner === by) {
      const text = "Somebody else than its owner has to decide on a proposal.";
      return refused(problem("OWN_PROPOSAL", text, ["version"]));
    }
    const decided = await policies.decide(version, state, by, clock.now().toISOString());
    const text = "Somebody has decided on it meanwhile.";
    return decided
      ? { policy: decided, problems: [] }
      : refused(problem("POLICY_STATE", text, ["version"]));
  }

  /** From now on events are resolved under it; what there is follows in the background. */
  async activate(
    input: { version: number; reason?: string | null },
    actor: string,
  ): Promise<ActivationAnswer> {
    const { policies, runs, scan, clock } = this.parts;
    const known = await policies.find(input.version);
    if (!known) return { run: null, ...refused(unknownVersion("version")) };
    const problems = [...stateProblems(known), ...reasonProblems(input.reason)];
    if (problems.length > 0) return { run: null, policy: null, problems };
    const active = await policies.active();
    const unreadable = await this.rereadProblems(active.policy, known.policy);
    if (unreadable.length > 0) return { run: null, policy: null, problems: unreadable };
    const begun = await runs.activate(input.version, {
      id: newId("run"),
      actor,
      reason: input.reason?.trim() ?? null,
      at: clock.now().toISOString(),
      total: await scan.countIdentifiers(),
    });
    if (!begun) return { run: null, policy: null, problems: stateProblems(known, true) };
    await this.parts.settle();
    this.parts.wake();
    return { ...begun, problems: [] };
  }

  private async rereadProblems(before: IdentityPolicy, after: IdentityPolicy) {
    const uses = new Map<string, NamespaceUse>();
    const none = { isUsed: false, hasNationalNumbers: false };
    const isMoved = before.phoneRegion !== after.phoneRegion;
    const known = new Map(before.namespaces.map((each) => [each.name, each]));
    for (const { name, kind, normaliser } of after.namespaces) {
      const was = known.get(name);
      const isOther = was && (was.kind !== kind || was.normaliser !== normaliser);
      if (isOther || (isMoved && normaliser === "PHONE")) {
        uses.set(name, await this.parts.scan.namespaceUse(name));
      }
    }
    return rereadProblems(before, after, (name) => uses.get(name) ?? none);
  }
}

function stateProblems({ version, state }: PolicyVersion, isSurely = false): Problem[] {
  if (!isSurely && (state === "APPROVED" || state === "RETIRED")) return [];
  const text = `Version ${version} is ${state}; what is approved or retired can be activated.`;
  return [problem("POLICY_STATE", text, ["version"])];
}

function reasonProblems(reason: string | null | undefined): Problem[] {
  if (reason === null || reason === undefined) return [];
  const text = reason.trim();
  const isStorable = text.isWellFormed() && !text.includes("\u0000");
  if (text !== "" && text.length <= reasonCharactersMax && isStorable) return [];
  const message = `A reason has 1 to ${reasonCharactersMax} characters.`;
  return [problem("REASON_INVALID", message, ["reason"])];
}

function unknownVersion(field: string): Problem {
  return problem("POLICY_UNKNOWN", "There is no such version of the policy.", [field]);
}

function refused(...problems: Problem[]): PolicyAnswer {
  return { policy: null, problems };
}
