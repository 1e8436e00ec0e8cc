import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import { lastTurnMs, type MembershipStore } from "../store/membership-store.ts";
import type { AudienceBook } from "./audience-book.ts";
import type { BatchMoments } from "./batch-moments.ts";
import type { KnownUntil } from "./known-until.ts";
import { type MembershipEvaluator, noCause, type Question } from "./membership-evaluator.ts";
import type { MembershipWriter } from "./membership-writer.ts";
import type { Pair } from "./touches.ts";
import type { WorkingMemory } from "./working-memory.ts";

/**
 * What a batch finds that ended before it, because it is late or faster than the timer: told at its
 * own instant, by what was known then.
 */
export class OverdueWindows {
  private readonly memberships: MembershipStore;
  private readonly memory: WorkingMemory;
  private readonly evaluator: MembershipEvaluator;
  private readonly writer: MembershipWriter;
  private readonly knownUntil: KnownUntil;

  constructor(parts: {
    memberships: MembershipStore;
    memory: WorkingMemory;
    evaluator: MembershipEvaluator;
    writer: MembershipWriter;
    knownUntil: KnownUntil;
  }) {
    this.memberships = parts.memberships;
    this.memory = parts.memory;
    this.evaluator = parts.evaluator;
    this.writer = parts.writer;
    this.knownUntil = parts.knownUntil;
  }

  /** Whether any window, of whomever, ran out before this instant and was not looked at. */
  async are(transaction: Transaction, nowMs: number): Promise<boolean> {
    const dueAtMs = await this.memberships.nextDueAtMs(transaction);
    return dueAtMs !== null && dueAtMs < nowMs;
  }

  /**
   * Before identifiers and traits change: looks at the windows that ended before that instant.
   * Gives what the next `write` is to announce first.
   */
  async settle(
    transaction: Transaction,
    moments: BatchMoments,
    book: AudienceBook,
  ): Promise<MembershipChange[]> {
    const shaped = new Map(moments.firstShapes());
    const known = await this.memory.persons(transaction, [...shaped.keys()]);
    const rows = await this.memory.rows(transaction, [...known.keys()]);
    const questions: Question[] = [];
    for (const personId of known.keys()) {
      const untilMs = shaped.get(personId)! - 1;
      for (const { audienceId, dueAtMs } of rows.of(personId)) {
        if (dueAtMs === null || dueAtMs > untilMs) continue;
        const audience = book.byId.get(audienceId)!;
        questions.push({ personId, audience, fromMs: dueAtMs, untilMs, isFromDue: true });
      }
    }
    const findings = await this.evaluator.assess(transaction, questions, () => noCause);
    this.writer.keep(transaction, findings.rows);
    return findings.changes;
  }

  /**
   * The questions of a batch, each from the instant at which it has something to say: an overdue
   * window, or in a late batch the person's first news. To where the next batch begins: beyond it
   * the timer looks.
   */
  async questions(
    transaction: Transaction,
    pairs: Iterable<Pair>,
    moments: BatchMoments,
    nowMs: number,
  ): Promise<Question[]> {
    const asked = [...pairs];
    const persons = new Set(asked.map(({ personId }) => personId));
    const rows = await this.memory.rows(transaction, [...persons]);
    const horizonMs = await this.knownUntil.at(transaction, nowMs);
    return asked.map((pair) => {
      const { personId, audience } = pair;
      const row = rows.get(personId, audience.id);
      const floorMs = Math.max(lastTurnMs(row), audience.decidesSinceMs(personId, nowMs));
      const newsMs = Math.max(moments.standsFromMs(personId), Math.min(floorMs, nowMs));
      const dueAtMs = row?.dueAtMs ?? null;
      const isFromDue = dueAtMs !== null && dueAtMs < newsMs && !moments.isShaped(personId);
      const fromMs = isFromDue ? dueAtMs : newsMs;
      return {
        ...pair,
        ...{ fromMs, untilMs: Math.max(fromMs, horizonMs), isFromDue },
        news: { knownAtMs: moments.knownAtMs, count: moments.countOf(personId) },
      };
    });
  }
}
