import type { Transaction } from "../../../kernel/database/database.ts";
import { type EventFact, type EventHistory, matchesLeaf } from "../domain/event-history.ts";
import type { HistoryNeed } from "../domain/rule-needs.ts";
import type { MembershipRow, MembershipStore } from "../store/membership-store.ts";
import type { PersonRow, ProjectionStore } from "../store/projection-store.ts";
import type { HistoryReader, PersonNeed } from "./history-reader.ts";

/** Persons remembered, some 1.5 KB each. */
const personsMax = 20_000;
/** Events of one name remembered of a person; beyond it they are read again. */
const factsMax = 400;

interface Remembered {
  facts: EventFact[];
  knownUntilMs: number;
  /** Good for questions from this instant on. */
  asOfMs: number;
}

class Memory {
  person: PersonRow | null = null;
  rows: Map<number, MembershipRow> | null = null;
  histories = new Map<string, Remembered>();
  /** A person who has appeared with no history: what is not remembered is not there. */
  isBlank = false;
  revision = -1;
}

/** Which names of events are asked for of a person, and from which instant on. */
export interface HistoryQuestion {
  factNames: ReadonlySet<string>;
  asOfMs: number;
  /** See `PersonNeed`. */
  surplus: number;
}

/**
 * What the only writer has lately read or written about persons, so that the next event of the
 * same person costs no reading. Valid because nobody else writes: it is emptied when another
 * process has held the lock since, and when a transaction of ours did not commit.
 */
export class WorkingMemory {
  private readonly memories = new Map<string, Memory>();
  private readonly projections: ProjectionStore;
  private readonly memberships: MembershipStore;
  private readonly reader: HistoryReader;
  private needs: ReadonlyMap<string, HistoryNeed> = new Map();
  private revision = -1;
  private uncommitted: object | null = null;

  constructor(projections: ProjectionStore, memberships: MembershipStore, reader: HistoryReader) {
    this.projections = projections;
    this.memberships = memberships;
    this.reader = reader;
  }

  /**
   * Opens the memory for a transaction that holds the lock; `needs` are those of the revision's
   * rules.
   */
  begin(
    transaction: Transaction,
    isStillOurs: boolean,
    revision: number,
    needs: ReadonlyMap<string, HistoryNeed>,
  ): void {
    if (!isStillOurs || this.uncommitted) this.memories.clear();
    this.revision = revision;
    this.needs = needs;
    const mark = {};
    this.uncommitted = mark;
    transaction.afterCommit(() => {
      if (this.uncommitted === mark) this.uncommitted = null;
    });
  }

  private of(personId: string): Memory {
    const known = this.memories.get(personId);
    const memory = known ?? new Memory();
    if (memory.revision !== this.revision) {
      memory.histories.clear();
      memory.isBlank = false;
      memory.revision = this.revision;
    }
    if (known) this.memories.delete(personId);
    this.memories.set(personId, memory);
    return memory;
  }

  /** Forgets whom nobody asked for lately; called between transactions' steps, never within one. */
  trim(): void {
    let surplus = this.memories.size - personsMax;
    for (const personId of this.memories.keys()) {
      if (surplus <= 0) return;
      this.memories.delete(personId);
      surplus -= 1;
    }
  }

  forget(personId: string): void {
    this.memories.delete(personId);
  }

  /** Identifiers, and so events, came or went. */
  forgetEvents(personId: string): void {
    const memory = this.memories.get(personId);
    memory?.histories.clear();
    if (memory) memory.isBlank = false;
  }

  /** The rows of persons that exist; changing one changes what is remembered. */
  async persons(tx: Transaction, personIds: readonly string[]): Promise<Map<string, PersonRow>> {
    const missing = personIds.filter((id) => !this.memories.get(id)?.person);
    const read = await this.projections.persons(tx, missing);
    for (const [personId, person] of read) this.of(personId).person = person;
    const found = new Map<string, PersonRow>();
    for (const personId of personIds) {
      const person = this.memories.get(personId)?.person;
      if (person) found.set(personId, person);
    }
    return found;
  }

  /** A person who was not there before, and has no events yet. */
  appeared(person: PersonRow): void {
    const memory = this.of(person.personId);
    memory.person = person;
    memory.rows = new Map();
    memory.isBlank = true;
  }

  async rows(tx: Transaction, personIds: readonly string[]) {
    const missing = personIds.filter((id) => !this.memories.get(id)?.rows);
    for (const personId of missing) this.of(personId).rows = new Map();
    for (const row of await this.memberships.ofPersons(tx, missing)) {
      this.memories.get(row.personId)!.rows!.set(row.audienceId, row);
    }
    return {
      get: (personId: string, audienceId: number): MembershipRow | null =>
        this.memories.get(personId)?.rows?.get(audienceId) ?? null,
      of: (personId: string): Iterable<MembershipRow> =>
        this.memories.get(personId)?.rows?.values() ?? [],
    };
  }

  /** Rows that were written. */
  saved(rows: readonly MembershipRow[]): void {
    for (const row of rows) this.memories.get(row.personId)?.rows?.set(row.audienceId, row);
  }

  /** A new event of a person. */
  happened(personId: string, factName: string, fact: EventFact): void {
    const memory = this.memories.get(personId);
    const need = this.needs.get(factName);
    if (!memory || memory.revision !== this.revision || !need) return;
    let known = memory.histories.get(factName);
    if (!known && memory.isBlank) {
      known = { facts: [], knownUntilMs: Number.POSITIVE_INFINITY, asOfMs: 0 };
      memory.histories.set(factName, known);
    }
    if (!known) return;
    if (known.facts.length >= factsMax) {
      memory.histories.delete(factName);
      memory.isBlank = false;
    } else if (isOfUse(fact, need)) {
      const { atMs, position } = fact;
      const properties = need.filters.length > 0 ? fact.properties : null;
      known.facts.push({ atMs, position, properties });
    }
  }

  /** Histories of the names asked for, by person; names without events are missing. */
  async histories(
    tx: Transaction,
    questions: ReadonlyMap<string, HistoryQuestion>,
  ): Promise<Map<string, Map<string, EventHistory>>> {
    const wanted = new Map<string, PersonNeed>();
    const answers = new Map<string, Map<string, EventHistory>>();
    for (const [personId, { factNames, asOfMs, surplus }] of questions) {
      const memory = this.of(personId);
      const answer = new Map<string, EventHistory>();
      const missing = new Map<string, HistoryNeed>();
      for (const name of factNames) {
        const known = memory.histories.get(name);
        if (known && known.asOfMs <= asOfMs && known.knownUntilMs > asOfMs) answer.set(name, known);
        else if (known || !memory.isBlank) missing.set(name, this.needs.get(name)!);
      }
      answers.set(personId, answer);
      if (missing.size > 0) wanted.set(personId, { needs: missing, asOfMs, surplus });
    }
    const read = await this.reader.read(tx, wanted);
    for (const [personId, { needs, asOfMs }] of wanted) {
      const memory = this.of(personId);
      for (const need of needs.values()) {
        const history = read.get(personId)?.get(need.factName);
        const facts = (history?.facts ?? []).filter((fact) => isOfUse(fact, need));
        const knownUntilMs = history?.knownUntilMs ?? Number.POSITIVE_INFINITY;
        const known = { facts, knownUntilMs, asOfMs };
        if (facts.length < factsMax) memory.histories.set(need.factName, known);
        else memory.histories.delete(need.factName);
        answers.get(personId)!.set(need.factName, known);
      }
    }
    return answers;
  }
}

/** Whether a leaf of the need can count the event; what meets no filter is not kept. */
function isOfUse(fact: EventFact, need: HistoryNeed): boolean {
  return need.hasPlainLeaf || need.filters.some((leaf) => matchesLeaf(fact, leaf));
}
