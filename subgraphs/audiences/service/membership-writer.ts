import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import { lastTurnMs, type MembershipRow, type MembershipStore } from "../store/membership-store.ts";
import type { AudienceBook } from "./audience-book.ts";
import type { WorkingMemory } from "./working-memory.ts";
import { type Findings, type MembershipCause, noCause } from "./membership-evaluator.ts";

/**
 * Makes findings true: rows, counts and announcements in the transaction of whoever found them, so
 * that list, count and feed are one fact. Holds the instant at which the timer next has work.
 */
export class MembershipWriter {
  private readonly memberships: MembershipStore;
  private readonly memory: WorkingMemory;
  private readonly streams: Streams;
  private readonly onDue: (dueAtMs: number) => void;

  constructor(
    memberships: MembershipStore,
    memory: WorkingMemory,
    streams: Streams,
    onDue: (dueAtMs: number) => void,
  ) {
    this.memberships = memberships;
    this.memory = memory;
    this.streams = streams;
    this.onDue = onDue;
  }

  /** Rows that the same transaction asks about again; what they announce goes with `write`. */
  keep(transaction: Transaction, rows: readonly MembershipRow[]): void {
    this.memberships.save(transaction, rows);
    this.memory.saved(rows);
  }

  /** The last call in a transaction: the append holds the stream until the commit. */
  async write(transaction: Transaction, findings: Findings, book: AudienceBook): Promise<void> {
    this.keep(transaction, findings.rows);
    this.memberships.addToCounts(transaction, countDeltas(findings.changes, book));
    let earliest = Number.POSITIVE_INFINITY;
    for (const row of findings.rows) earliest = Math.min(earliest, row.dueAtMs ?? earliest);
    if (earliest !== Number.POSITIVE_INFINITY) {
      transaction.afterCommit(() => this.onDue(earliest));
    }
    if (findings.changes.length === 0) return;
    await this.streams.append(
      transaction,
      "memberships",
      findings.changes.map((change) => ({
        key: change.personId,
        kind: "MEMBERSHIP",
        payload: change,
      })),
    );
  }

  /**
   * What it means that persons are no more (merged into others, or erased): each leaves the
   * audiences he was in, at `atMsOf` (epoch ms). Their rows are removed at once; the announcements go with the next
   * `write`.
   */
  async letGo(
    transaction: Transaction,
    personIds: ReadonlyMap<string, MembershipCause>,
    book: AudienceBook,
    atMsOf: (personId: string) => number,
  ): Promise<MembershipChange[]> {
    const ids = [...personIds.keys()];
    const rows = await this.memberships.ofPersons(transaction, ids);
    this.memberships.removePersons(transaction, ids);
    for (const personId of ids) this.memory.forget(personId);
    return rows
      .filter((row) => row.isMember)
      .map((row) => {
        const at = new Date(Math.max(atMsOf(row.personId), lastTurnMs(row)));
        return exitOf(row, book, at, personIds.get(row.personId) ?? noCause);
      });
  }
}

/** The announcement that a member left, whatever the rule says. */
export function exitOf(
  row: MembershipRow,
  book: AudienceBook,
  at: Date,
  cause: MembershipCause,
): MembershipChange {
  return {
    audience: book.byId.get(row.audienceId)!.name,
    version: row.version,
    kind: "EXITED",
    personId: row.personId,
    occurredAt: at.toISOString(),
    cause,
  };
}

function countDeltas(changes: readonly MembershipChange[], book: AudienceBook) {
  const idOf = new Map([...book.byId.values()].map((audience) => [audience.name, audience.id]));
  const deltas = new Map<number, number>();
  for (const change of changes) {
    const id = idOf.get(change.audience)!;
    deltas.set(id, (deltas.get(id) ?? 0) + (change.kind === "ENTERED" ? 1 : -1));
  }
  return deltas;
}
