import type { GraphRow } from "../../../kernel/graph/graph-database.ts";
import { evidenceKey } from "../domain/evidence.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { GraphExcerpt, GraphRequest } from "./graph-rows.ts";
import * as rows from "./neo4j-save-rows.ts";

/**
 * What a unit of work has loaded: as nobody else writes meanwhile, saving need not look again
 * whether a row is new, and writes only what differs. Forgotten with the first save.
 */
export class Recall {
  /** Null: looked for in vain. */
  private readonly identifiers = new Map<string, KnownIdentifier | null>();
  private readonly sets = new Map<string, GraphRow | null>();

  learn(request: GraphRequest, excerpt: GraphExcerpt): void {
    for (const key of request.identifierKeys) this.identifiers.set(key, null);
    for (const identifier of excerpt.identifiers) this.identifiers.set(identifier.key, identifier);
    for (const each of request.evidence) this.sets.set(evidenceKey(each), null);
    for (const each of excerpt.evidence) {
      this.sets.set(evidenceKey(each), rows.evidenceRow(each).set);
    }
    for (const each of request.sheets) this.sets.set(rows.sheetId(each), null);
    for (const each of excerpt.sheets) this.sets.set(rows.sheetId(each), rows.sheetRow(each).set);
  }

  forget(): void {
    this.identifiers.clear();
    this.sets.clear();
  }

  /** Null: there is none; undefined: nobody looked. */
  identifier(key: string): KnownIdentifier | null | undefined {
    return this.identifiers.get(key);
  }

  /** Properties of evidence or a sheet by id; null: there is none; undefined: nobody looked. */
  set(id: string): GraphRow | null | undefined {
    return this.sets.get(id);
  }
}

/** The properties of `after` that `before` has otherwise. */
export function difference(before: GraphRow, after: GraphRow): GraphRow {
  const changed: GraphRow = {};
  for (const [name, value] of Object.entries(after)) {
    if (!isSame(before[name], value)) changed[name] = value;
  }
  // Rows of an earlier version have it in any case: it must not stay behind.
  if ("firstSeenAt" in changed) changed["lastSeenAt"] = after["lastSeenAt"];
  return changed;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return String(a) === String(b) && JSON.stringify(a) === JSON.stringify(b);
}
