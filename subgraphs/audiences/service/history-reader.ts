import type { Session } from "../../../kernel/database/database.ts";
import type { PersonIndex } from "../../../kernel/persons/person-index.ts";
import {
  type EventFact,
  type EventHistory,
  factsThatMatter,
  matchesLeaf,
} from "../domain/event-history.ts";
import type { HistoryNeed } from "../domain/rule-needs.ts";
import type { FoundFact, HistoryRequest, ProjectionStore } from "../store/projection-store.ts";

/** What is to be read of one person. */
export interface PersonNeed {
  needs: ReadonlyMap<string, HistoryNeed>;
  /** What counts as past. */
  asOfMs: number;
  /** So many events became known within what is asked: they stand between those that matter. */
  surplus?: number;
}

/** Rows of one statement, at most about. */
const rowsPerStatement = 20_000;
/**
 * Future events read at a time; when there are more, the answer is looked at again when they come.
 */
const futureMax = 100;
/** A page of events whose properties are looked at. */
const filterPage = 200;
/**
 * Events of one name on one identifier that a condition on properties looks at: the newest so
 * many.
 */
export const filteredFactsMax = 10_000;

/** From so many persons on it pays to ask first which identifiers have events at all. */
const manyPersons = 20;

const beginningMs = -8e15;

/** The reading of the events of one name on one identifier. */
class Walk {
  readonly personId: string;
  readonly need: HistoryNeed;
  readonly facts: EventFact[] = [];
  knownUntilMs = Number.POSITIVE_INFINITY;
  request: HistoryRequest | null;
  private scanned = 0;
  private lastFutureMs = Number.NEGATIVE_INFINITY;

  private readonly surplus: number;

  constructor(
    personId: string,
    subjectKey: string,
    need: HistoryNeed,
    { asOfMs, surplus = 0 }: PersonNeed,
  ) {
    this.personId = personId;
    this.need = need;
    this.surplus = surplus;
    this.request = {
      subjectKey,
      factName: need.factName,
      sinceMs: need.windowMs === null ? beginningMs : asOfMs - need.windowMs,
      asOfMs,
      before: null,
      newest: need.filters.length > 0 ? Math.max(filterPage, need.newest) : need.newest + surplus,
      soonest: futureMax + surplus,
      hasFilter: need.filters.length > 0,
    };
  }

  /** Takes what one request found and decides whether another is needed. */
  take(found: readonly FoundFact[]): void {
    const request = this.request!;
    let past = 0;
    let future = 0;
    let oldest = { atMs: request.asOfMs, position: 0 };
    for (const { atMs, position, properties } of found) {
      this.facts.push({
        atMs,
        position,
        properties: properties === null ? null : JSON.parse(properties),
      });
      if (atMs > request.asOfMs) {
        future += 1;
        this.lastFutureMs = Math.max(this.lastFutureMs, atMs);
        continue;
      }
      past += 1;
      const isOlder = atMs < oldest.atMs || (atMs === oldest.atMs && position < oldest.position);
      if (past === 1 || isOlder) oldest = { atMs, position };
    }
    if (request.soonest > 0 && future >= request.soonest) this.knownUntilMs = this.lastFutureMs;
    this.scanned += past;
    const goesOn = request.hasFilter && past >= request.newest && !this.hasEnough(request.asOfMs);
    this.request = goesOn ? { ...request, before: oldest, soonest: 0 } : null;
  }

  private hasEnough(asOfMs: number): boolean {
    if (this.scanned >= filteredFactsMax) return true;
    const past = this.facts.filter((fact) => fact.atMs <= asOfMs);
    return this.need.filters.every(
      (leaf) =>
        past.filter((fact) => matchesLeaf(fact, leaf)).length >=
        factsThatMatter(leaf) + this.surplus,
    );
  }
}

function chunksOf(walks: readonly Walk[]): Walk[][] {
  const chunks: Walk[][] = [];
  let weight = rowsPerStatement;
  for (const walk of walks) {
    const cost = walk.request!.newest + 5;
    if (weight + cost > rowsPerStatement) {
      chunks.push([]);
      weight = 0;
    }
    chunks.at(-1)!.push(walk);
    weight += cost;
  }
  return chunks;
}

function gather(walks: readonly Walk[]): Map<string, Map<string, EventHistory>> {
  const gathered = new Map<string, Map<string, { facts: EventFact[]; knownUntilMs: number }>>();
  for (const walk of walks) {
    const histories = gathered.get(walk.personId) ?? new Map();
    gathered.set(walk.personId, histories);
    const known = histories.get(walk.need.factName);
    if (known) {
      for (const fact of walk.facts) known.facts.push(fact);
      known.knownUntilMs = Math.min(known.knownUntilMs, walk.knownUntilMs);
    } else {
      histories.set(walk.need.factName, { facts: walk.facts, knownUntilMs: walk.knownUntilMs });
    }
  }
  return gathered;
}

/**
 * Reads as much of persons' events as their conditions need and no more: the newest that matter in
 * each window, over all identifiers of the person. Conditions on properties page until enough have
 * matched.
 */
export class HistoryReader {
  private readonly projections: ProjectionStore;
  private readonly index: PersonIndex;

  constructor(projections: ProjectionStore, index: PersonIndex) {
    this.projections = projections;
    this.index = index;
  }

  /** Histories by person and fact name; what has no events is missing. */
  async read(
    session: Session,
    wanted: ReadonlyMap<string, PersonNeed>,
  ): Promise<Map<string, Map<string, EventHistory>>> {
    if (wanted.size === 0) return new Map();
    return this.readOf(session, wanted, await this.keysOf(session, [...wanted.keys()]));
  }

  /** As `read`, of persons made of identifiers handed in. */
  async readOf(
    session: Session,
    wanted: ReadonlyMap<string, PersonNeed>,
    keys: ReadonlyMap<string, readonly string[]>,
  ): Promise<Map<string, Map<string, EventHistory>>> {
    const walks: Walk[] = [];
    for (const [personId, wish] of wanted) {
      for (const key of keys.get(personId) ?? []) {
        for (const need of wish.needs.values()) walks.push(new Walk(personId, key, need, wish));
      }
    }
    let open = walks;
    while (open.length > 0) {
      for (const chunk of chunksOf(open)) await this.round(session, chunk);
      open = open.filter((walk) => walk.request !== null);
    }
    return gather(walks);
  }

  /** Identifiers of persons; of many persons only those that have events: most have none. */
  private async keysOf(session: Session, personIds: string[]): Promise<Map<string, string[]>> {
    const keys = await this.index.identifiersOf(session, personIds);
    if (personIds.length < manyPersons) return keys;
    const eventful = await this.projections.keysWithFacts(session, [...keys.values()].flat());
    for (const [personId, its] of keys) {
      keys.set(
        personId,
        its.filter((key) => eventful.has(key)),
      );
    }
    return keys;
  }

  private async round(session: Session, walks: readonly Walk[]): Promise<void> {
    const requests = walks.map((walk) => walk.request!);
    const found: FoundFact[][] = walks.map(() => []);
    for (const fact of await this.projections.histories(session, requests)) {
      found[fact.request]!.push(fact);
    }
    for (const [index, walk] of walks.entries()) walk.take(found[index]!);
  }
}
