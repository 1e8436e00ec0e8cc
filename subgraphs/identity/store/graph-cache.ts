import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { GraphChanges } from "./graph-rows.ts";
import { RecentRows } from "./recent-rows.ts";

const generationSize = 15_000;
const mergesMax = 10_000;

/**
 * Rows of the graph as this process last read or wrote them. Good only while nobody else has
 * written: each unit of work counts the graph's revision up, and a gap in the count empties the
 * cache.
 */
export class GraphCache {
  readonly identifiers = new RecentRows<KnownIdentifier>(generationSize);
  readonly persons = new RecentRows<PersonState>(generationSize);
  readonly evidence = new RecentRows<Evidence>(generationSize);
  readonly sheets = new RecentRows<FactSheet>(generationSize);
  private readonly mergedInto = new Map<string, string>();
  private revision = -1;

  /** Called with the revision of each new unit of work, before anything is read. */
  begin(revision: number): void {
    if (revision !== this.revision + 1) this.clear();
    // Until it commits: a unit that fails leaves a gap.
    this.revision = -1;
  }

  /** What a unit of work has read and written is what the graph has now. */
  commit(revision: number, seen: SeenRows): void {
    this.revision = revision;
    for (const [key, row] of seen.identifiers) this.identifiers.set(key, row);
    for (const [key, row] of seen.persons) this.persons.set(key, row);
    for (const [key, row] of seen.evidence) this.evidence.set(key, row);
    for (const [key, row] of seen.sheets) this.sheets.set(key, row);
    for (const [from, to] of seen.merges) {
      this.persons.delete(from);
      this.mergedInto.set(from, to);
    }
    for (const id of seen.persons.keys()) this.mergedInto.delete(id);
    if (this.mergedInto.size > mergesMax) this.clear();
  }

  /** The identifier with the person it has now. */
  identifier(key: string): KnownIdentifier | undefined {
    const known = this.identifiers.get(key);
    if (!known?.personId || this.mergedInto.size === 0) return known;
    let personId = known.personId;
    for (let to = this.mergedInto.get(personId); to !== undefined; to = this.mergedInto.get(to)) {
      personId = to;
    }
    return personId === known.personId ? known : { ...known, personId };
  }

  /** Drops everything: rows were removed. */
  forget(): void {
    this.clear();
    this.revision = -1;
  }

  private clear(): void {
    for (const rows of [this.identifiers, this.persons, this.evidence, this.sheets]) rows.clear();
    this.mergedInto.clear();
  }
}

/** What one unit of work has read and written. */
export class SeenRows {
  readonly identifiers = new Map<string, KnownIdentifier>();
  readonly persons = new Map<string, PersonState>();
  readonly evidence = new Map<string, Evidence>();
  readonly sheets = new Map<string, FactSheet>();
  readonly merges: [string, string][] = [];

  note(rows: Partial<GraphChanges>): void {
    for (const row of rows.identifiers ?? []) this.identifiers.set(row.key, row);
    for (const row of rows.persons ?? []) this.persons.set(row.id, row);
    for (const row of rows.evidence ?? []) this.evidence.set(evidenceKey(row), row);
    for (const row of rows.sheets ?? []) this.sheets.set(sheetKey(row), row);
    for (const { from, to } of [...(rows.merges ?? []), ...(rows.redirects ?? [])]) {
      this.persons.delete(from);
      this.merges.push([from, to]);
    }
    if (rows.merges?.length) this.follow(new Map(rows.merges.map(({ from, to }) => [from, to])));
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
