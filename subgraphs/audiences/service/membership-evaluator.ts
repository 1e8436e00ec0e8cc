import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import { type Condition, leavesOf } from "../domain/compiled-rule.ts";
import { type PersonFacts, withTraits } from "../domain/evaluate-rule.ts";
import type { EventHistory } from "../domain/event-history.ts";
import { allKnown, type Played, playThrough } from "../domain/play-through.ts";
import type { MembershipRow } from "../store/membership-store.ts";
import type { PersonRow } from "../store/projection-store.ts";
import type { RunningAudience, RunningVersion } from "./audience-book.ts";
import type { HistoryQuestion, WorkingMemory } from "./working-memory.ts";

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
  /** The stretch of time to play through; one instant, mostly: now. */
  fromMs: number;
  untilMs: number;
  /** It begins where a window was due: what turns there, time alone brought. */
  isFromDue?: boolean;
  /** Events that became known within the stretch: see `Play`. */
  news?: { knownAtMs: ReadonlyMap<number, number>; count: number };
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
    causeOf: (question: Question) => MembershipCause,
  ): Promise<Findings> {
    const findings: Findings = { rows: [], changes: [] };
    if (questions.length === 0) return findings;
    const cases = await this.prepare(transaction, questions, findings);
    const histories = await this.memory.histories(transaction, historiesFor(cases));
    for (const it of cases) {
      const events = histories.get(it.question.personId) ?? new Map<string, EventHistory>();
      this.judge(it, { traits: it.person.traits, events }, findings, causeOf);
    }
    return findings;
  }

  private async prepare(
    transaction: Transaction,
    questions: readonly Question[],
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
      } else if (row && row.dueAtMs !== null && row.dueAtMs <= question.untilMs) {
        findings.rows.push({ ...row, dueAtMs: null });
      }
    }
    return cases;
  }

  private judge(
    it: Case,
    facts: PersonFacts,
    findings: Findings,
    causeOf: (question: Question) => MembershipCause,
  ): void {
    const { question, row, person } = it;
    const { turns, changesAtMs } = play(it, facts);
    const dueAtMs = nextDue(row, changesAtMs, question.untilMs);
    const isOtherVersion = row?.isMember === true && row.version !== it.version.number;
    if (turns.length === 0 && !isOtherVersion && dueAtMs === (row?.dueAtMs ?? null)) return;
    const { personId, audience } = question;
    const version = it.version.number;
    let stands = {
      isMember: row?.isMember ?? false,
      enteredAt: row?.enteredAt ?? null,
      exitedAt: row?.exitedAt ?? null,
    };
    for (const { isMember, atMs, isByFact } of turns) {
      const at = new Date(atMs);
      stands = isMember
        ? { isMember, enteredAt: at, exitedAt: null }
        : { ...stands, isMember, exitedAt: at };
      const isByTime = !isByFact || (question.isFromDue === true && atMs === question.fromMs);
      findings.changes.push({
        audience: audience.name,
        version,
        kind: isMember ? "ENTERED" : "EXITED",
        personId,
        occurredAt: at.toISOString(),
        cause: withIdentity(isByTime ? noCause : causeOf(question), person),
      });
    }
    findings.rows.push({ personId, audienceId: audience.id, version, ...stands, dueAtMs });
  }
}

/** What traits alone decide stands as they are known now, at the end of the stretch. */
function play({ residual, row, question }: Case, facts: PersonFacts): Played {
  const { fromMs, untilMs, news } = question;
  const wasMember = row?.isMember ?? false;
  if (typeof residual !== "boolean") {
    const knownAtMs = news?.knownAtMs ?? allKnown;
    return playThrough(residual, facts, { wasMember, fromMs, untilMs, knownAtMs });
  }
  const atMs = question.isFromDue ? untilMs : fromMs;
  const turn = { isMember: residual, atMs, isByFact: true };
  return { turns: residual === wasMember ? [] : [turn], changesAtMs: null };
}

function withIdentity(cause: MembershipCause, { identityChangeId }: PersonRow): MembershipCause {
  return { ...cause, identityChangeId: cause.identityChangeId ?? identityChangeId };
}

/**
 * The names of events that the cases still ask for, by person, from the earliest instant in
 * question.
 */
function historiesFor(cases: readonly Case[]): Map<string, HistoryQuestion> {
  const wanted = new Map<string, HistoryQuestion & { factNames: Set<string> }>();
  for (const { question, residual } of cases) {
    if (typeof residual === "boolean") continue;
    const { personId, fromMs, news } = question;
    const known = wanted.get(personId) ?? { factNames: new Set(), asOfMs: fromMs, surplus: 0 };
    wanted.set(personId, known);
    known.asOfMs = Math.min(known.asOfMs, fromMs);
    known.surplus = Math.max(known.surplus, news?.count ?? 0);
    for (const leaf of leavesOf(residual)) {
      if (leaf.kind === "event") known.factNames.add(leaf.factName);
    }
  }
  return wanted;
}
