import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import { type Condition, leavesOf } from "../domain/compiled-rule.ts";
import { evaluateThrough, type PersonFacts, withTraits } from "../domain/evaluate-rule.ts";
import type { EventHistory } from "../domain/event-history.ts";
import type { MembershipRow } from "../store/membership-store.ts";
import type { PersonRow } from "../store/projection-store.ts";
import type { RunningAudience, RunningVersion } from "./audience-book.ts";
import type { WorkingMemory } from "./working-memory.ts";

export type MembershipCause = MembershipChange["cause"];

export const noCause: MembershipCause = {
  messageId: null,
  eventName: null,
  rule: null,
  decision: null,
  identityChangeId: null,
};

/** Is this person in this audience? Asked because something may have changed. */
export interface Question {
  personId: string;
  audience: RunningAudience;
  /** From when on to play time forward: now, or the instant at which a window was due. */
  fromMs: number;
}

/** What an assessment found to be different from what stands. */
export interface Findings {
  rows: MembershipRow[];
  changes: MembershipChange[];
}

interface Case {
  question: Question;
  version: RunningVersion;
  person: PersonRow;
  row: MembershipRow | null;
  /** What is left to ask about events, or the answer. */
  residual: Condition | boolean;
}

/** An early timer is cheaper than moving it at every event: it wakes, looks, and is set anew. */
function nextDue(row: MembershipRow | null, changesAtMs: number | null, nowMs: number) {
  const kept = row?.dueAtMs ?? null;
  if (kept !== null && kept > nowMs && (changesAtMs === null || changesAtMs >= kept)) return kept;
  return changesAtMs;
}

/** Finds who entered and who exited; decides by the version that is in force for each person. */
export class MembershipEvaluator {
  private readonly memory: WorkingMemory;

  constructor(memory: WorkingMemory) {
    this.memory = memory;
  }

  /**
   * Answers the questions in a handful of statements and gives what differs; writes nothing. Where
   * the cause is no change of identity, the last one of the person stands in the announcement.
   */
  async assess(
    transaction: Transaction,
    questions: readonly Question[],
    nowMs: number,
    causeOf: (question: Question) => MembershipCause,
  ): Promise<Findings> {
    const findings: Findings = { rows: [], changes: [] };
    if (questions.length === 0) return findings;
    const cases = await this.prepare(transaction, questions, nowMs, findings);
    const histories = await this.memory.histories(transaction, historiesFor(cases));
    for (const it of cases) {
      const events = histories.get(it.question.personId) ?? new Map<string, EventHistory>();
      this.judge(it, { traits: it.person.traits, events }, nowMs, findings, causeOf);
    }
    return findings;
  }

  private async prepare(
    transaction: Transaction,
    questions: readonly Question[],
    nowMs: number,
    findings: Findings,
  ): Promise<Case[]> {
    const personIds = [...new Set(questions.map((question) => question.personId))];
    const persons = await this.memory.persons(transaction, personIds);
    const rows = await this.memory.rows(transaction, personIds);
    const cases: Case[] = [];
    for (const question of questions) {
      const version = question.audience.versionFor(question.personId);
      const person = persons.get(question.personId);
      const row = rows.get(question.personId, question.audience.id);
      if (version && person) {
        const residual = withTraits(version.condition, person.traits);
        cases.push({ question, version, person, row, residual });
      } else if (row && row.dueAtMs !== null && row.dueAtMs <= nowMs) {
        findings.rows.push({ ...row, dueAtMs: null });
      }
    }
    return cases;
  }

  private judge(
    it: Case,
    facts: PersonFacts,
    nowMs: number,
    findings: Findings,
    causeOf: (question: Question) => MembershipCause,
  ): void {
    const { question, row } = it;
    const standing =
      typeof it.residual === "boolean"
        ? { isMember: it.residual, sinceMs: question.fromMs, changesAtMs: null }
        : evaluateThrough(it.residual, facts, question.fromMs, nowMs);
    const wasMember = row?.isMember ?? false;
    const dueAtMs = nextDue(row, standing.changesAtMs, nowMs);
    const isChanged = standing.isMember !== wasMember;
    const isOtherVersion = wasMember && row?.version !== it.version.number;
    if (!isChanged && !isOtherVersion && dueAtMs === (row?.dueAtMs ?? null)) return;
    const at = new Date(standing.sinceMs);
    findings.rows.push({
      personId: question.personId,
      audienceId: question.audience.id,
      version: it.version.number,
      isMember: standing.isMember,
      enteredAt: isChanged && standing.isMember ? at : (row?.enteredAt ?? null),
      exitedAt: isChanged ? (standing.isMember ? null : at) : (row?.exitedAt ?? null),
      dueAtMs,
    });
    if (!isChanged) return;
    findings.changes.push({
      audience: question.audience.name,
      version: it.version.number,
      kind: standing.isMember ? "ENTERED" : "EXITED",
      personId: question.personId,
      occurredAt: at.toISOString(),
      cause: withIdentity(causeOf(question), it.person),
    });
  }
}

function withIdentity(cause: MembershipCause, { identityChangeId }: PersonRow): MembershipCause {
  return { ...cause, identityChangeId: cause.identityChangeId ?? identityChangeId };
}

/**
 * The names of events that the cases still ask for, by person, from the earliest instant in
 * question.
 */
function historiesFor(cases: readonly Case[]) {
  const wanted = new Map<string, { factNames: Set<string>; asOfMs: number }>();
  for (const { question, residual } of cases) {
    if (typeof residual === "boolean") continue;
    const { personId, fromMs } = question;
    const known = wanted.get(personId) ?? { factNames: new Set(), asOfMs: fromMs };
    wanted.set(personId, known);
    known.asOfMs = Math.min(known.asOfMs, fromMs);
    for (const leaf of leavesOf(residual)) {
      if (leaf.kind === "event") known.factNames.add(leaf.factName);
    }
  }
  return wanted;
}
