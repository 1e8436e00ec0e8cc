import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { GraphChanges } from "./graph-rows.ts";
import { RecentRows } from "./recent-rows.ts";

const generationSize = 15_000;
const mergesMax = 10_000;

/**
 * Rows of the graph as this process last read or wrote them. Good only while nobody else has
 * written: each unit of work gives the graph a new version, and one that begins with another
 * version than the last one here has left empties the cache.
 */
export class GraphCache {
  private readonly identifiers = new RecentRows<KnownIdentifier>(generationSize);
  private readonly persons = new RecentRows<PersonState>(generationSize);
  private readonly evidences = new RecentRows<Evidence>(generationSize);
  private readonly sheets = new RecentRows<FactSheet>(generationSize);
  /** Of the last two units of work all is here, however much the next one reads: they may be still to commit. */
  private latest = new SeenRows();
  private earlier = new SeenRows();
  private readonly mergedInto = new Map<string, string>();
  private version: GraphVersion | null = null;

  /** Called by each new unit of work, before anything is read, with the version it begins with. */
  begin(version: GraphVersion): void {
    if (version !== this.version) this.clear();
    // Until it commits: a unit that fails leaves none.
    this.version = null;
  }

  /** What a unit of work has read and written is what the graph has in this version. */
  commit(version: GraphVersion, seen: SeenRows): void {
    const earlier = this.latest;
    if (this.mergedInto.size > mergesMax) {
      this.clear();
      this.keep(earlier);
    }
    this.version = version;
    this.earlier = earlier;
    this.latest = seen;
    this.keep(seen);
  }

  private keep(seen: SeenRows): void {
    for (const [key, row] of seen.identifiers) this.identifiers.set(key, row);
    for (const [key, row] of seen.persons) this.persons.set(key, row);
    for (const [key, row] of seen.evidence) this.evidences.set(key, row);
    for (const [key, row] of seen.sheets) this.sheets.set(key, row);
    for (const [from, to] of seen.merges) {
      this.persons.delete(from);
      this.mergedInto.set(from, to);
    }
    for (const id of seen.persons.keys()) this.mergedInto.delete(id);
  }

  /** With the person it has now. */
  identifier(key: string): KnownIdentifier | undefined {
    const known = this.find(key, this.identifiers, (seen) => seen.identifiers);
    return known && this.present(known);
  }

  person(id: string): PersonState | undefined {
    const known = this.find(id, this.persons, (seen) => seen.persons);
    return known && this.mergedInto.has(id) ? undefined : known;
  }

  evidence(key: string): Evidence | undefined {
    return this.find(key, this.evidences, (seen) => seen.evidence);
  }

  sheet(key: string): FactSheet | undefined {
    return this.find(key, this.sheets, (seen) => seen.sheets);
  }

  private find<V>(
    key: string,
    rows: RecentRows<V>,
    of: (seen: SeenRows) => ReadonlyMap<string, V>,
  ): V | undefined {
    return of(this.latest).get(key) ?? rows.get(key) ?? of(this.earlier).get(key);
  }

  /** The identifier, read elsewhere, with the person it has now. */
  present(known: KnownIdentifier): KnownIdentifier {
    return moved(known, this.mergedInto);
  }

  /** Whether it has this person, as somebody living or merged. */
  knows(personId: string): boolean {
    return this.person(personId) !== undefined || this.mergedInto.has(personId);
  }

  /** Whether the changes touch nothing that the last two units of work have seen. */
  isApart({ identifiers, evidence, sheets, persons, audit, ...others }: GraphChanges): boolean {
    const { merges, redirects, accounts, memberships } = others;
    if ([merges, redirects, accounts, memberships].some(({ length }) => length > 0)) return false;
    const { latest, earlier } = this;
    const isSeen = (key: string) => latest.identifiers.has(key) || earlier.identifiers.has(key);
    const knows = (id: string | null) => id !== null && (latest.knows(id) || earlier.knows(id));
    return !(
      identifiers.some(({ key, personId }) => isSeen(key) || knows(personId)) ||
      evidence.some(({ low, high }) => isSeen(low) || isSeen(high)) ||
      sheets.some(({ key }) => isSeen(key)) ||
      persons.some(({ id }) => knows(id)) ||
      audit.some(({ personIds }) => personIds.some(knows))
    );
  }

  /** Drops everything: rows were removed. */
  forget(): void {
    this.clear();
    this.version = null;
  }

  private clear(): void {
    for (const rows of [this.identifiers, this.persons, this.evidences, this.sheets]) rows.clear();
    this.mergedInto.clear();
    this.latest = new SeenRows();
    this.earlier = new SeenRows();
  }
}

/** Of the graph: another one after each unit of work. */
export type GraphVersion = string | number;

/** Along merges, from the person it had to the one it has. */
function moved(known: KnownIdentifier, mergedInto: ReadonlyMap<string, string>): KnownIdentifier {
  if (!known.personId || mergedInto.size === 0) return known;
  let { personId } = known;
  for (let to = mergedInto.get(personId); to !== undefined; to = mergedInto.get(to)) personId = to;
  return personId === known.personId ? known : { ...known, personId };
}

/** What one unit of work has read and written. */
export class SeenRows {
  readonly identifiers = new Map<string, KnownIdentifier>();
  readonly persons = new Map<string, PersonState>();
  readonly evidence = new Map<string, Evidence>();
  readonly sheets = new Map<string, FactSheet>();
  readonly merges = new Map<string, string>();

  note(rows: Partial<GraphChanges>): void {
    for (const row of rows.identifiers ?? []) this.identifiers.set(row.key, row);
    for (const row of rows.persons ?? []) {
      this.persons.set(row.id, row);
      this.merges.delete(row.id);
    }
    for (const row of rows.evidence ?? []) this.evidence.set(evidenceKey(row), row);
    for (const row of rows.sheets ?? []) this.sheets.set(sheetKey(row), row);
    for (const { from, to } of [...(rows.merges ?? []), ...(rows.redirects ?? [])]) {
      this.persons.delete(from);
      this.merges.set(from, to);
    }
    if (rows.merges?.length) this.follow(new Map(rows.merges.map(({ from, to }) => [from, to])));
  }

  /** The identifier with the person it has now. */
  present(known: KnownIdentifier): KnownIdentifier {
    return moved(known, this.merges);
  }

  /** Whether it has this person, as somebody living or merged. */
  knows(personId: string): boolean {
    return this.persons.has(personId) || this.merges.has(personId);
  }

  private follow(merges: ReadonlyMap<string, string>): void {
    for (const [key, row] of this.identifiers) {
      const to = row.personId === null ? undefined : merges.get(row.personId);
      if (to !== undefined) this.identifiers.set(key, { ...row, personId: to });
    }
  }
}

export function sheetKey({ key, source }: { key: string; source: string }): string {
  return `${key}\u0001${source}`;
}
