import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { Condition } from "../domain/compiled-rule.ts";
import { evaluateThrough, type PersonFacts, withTraits } from "../domain/evaluate-rule.ts";
import type { EventHistory } from "../domain/event-history.ts";
import { historyNeeds } from "../domain/rule-needs.ts";
import type { MembershipRow, MembershipStore } from "../store/membership-store.ts";
import type { PersonRow, ProjectionStore } from "../store/projection-store.ts";
import type { RunningAudience, RunningVersion } from "./audience-book.ts";
import type { HistoryReader, PersonNeed } from "./history-reader.ts";

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

const rowKey = (personId: string, audienceId: number) => `${audienceId}/${personId}`;

/** An early timer is cheaper than moving it at every event: it wakes, looks, and is set anew. */
function nextDue(row: MembershipRow | null, changesAtMs: number | null, nowMs: number) {
  const kept = row?.dueAtMs ?? null;
  if (kept !== null && kept > nowMs && (changesAtMs === null || changesAtMs >= kept)) return kept;
  return changesAtMs;
}

/** Finds who entered and who exited; decides by the version that is in force for each person. */
export class MembershipEvaluator {
  private readonly projections: ProjectionStore;
  private readonly memberships: MembershipStore;
  private readonly histories: HistoryReader;

  constructor(
    projections: ProjectionStore,
    memberships: MembershipStore,
    histories: HistoryReader,
  ) {
    this.projections = projections;
    this.memberships = memberships;
    this.histories = histories;
  }

  /**
   * Answers the questions in a handful of statements and gives what differs; writes nothing. `known` spares
   * reading persons that the caller has at hand.
   */
  async assess(
    transaction: Transaction,
    questions: readonly Question[],
    nowMs: number,
    causeOf: (question: Question, person: PersonRow) => MembershipCause,
  ): Promise<Findings> {
    const findings: Findings = { rows: [], changes: [] };
    if (questions.length === 0) return findings;
    const cases = await this.prepare(transaction, questions, nowMs, findings);
    const histories = await this.histories.read(transaction, this.needsOf(cases));
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
    const persons = await this.projections.persons(transaction, personIds);
    const rows = new Map<string, MembershipRow>();
    for (const row of await this.memberships.ofPersons(transaction, personIds)) {
      rows.set(rowKey(row.personId, row.audienceId), row);
    }
    const cases: Case[] = [];
    for (const question of questions) {
      const version = question.audience.versionFor(question.personId);
      const person = persons.get(question.personId);
      const row = rows.get(rowKey(question.personId, question.audience.id)) ?? null;
      if (version && person) {
        const residual = withTraits(version.condition, person.traits);
        cases.push({ question, version, person, row, residual });
      } else if (row && row.dueAtMs !== null && row.dueAtMs <= nowMs) {
        findings.rows.push({ ...row, dueAtMs: null });
      }
    }
    return cases;
  }

  private needsOf(cases: readonly Case[]): Map<string, PersonNeed> {
    const open = new Map<string, { conditions: Condition[]; asOfMs: number }>();
    for (const { question, residual } of cases) {
      if (typeof residual === "boolean") continue;
      const known = open.get(question.personId);
      if (known) {
        known.conditions.push(residual);
        known.asOfMs = Math.min(known.asOfMs, question.fromMs);
      } else open.set(question.personId, { conditions: [residual], asOfMs: question.fromMs });
    }
    const needs = new Map<string, PersonNeed>();
    for (const [personId, { conditions, asOfMs }] of open) {
      needs.set(personId, { needs: historyNeeds(conditions), asOfMs });
    }
    return needs;
  }

  private judge(
    it: Case,
    facts: PersonFacts,
    nowMs: number,
    findings: Findings,
    causeOf: (question: Question, person: PersonRow) => MembershipCause,
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
      cause: causeOf(question, it.person),
    });
  }
}
