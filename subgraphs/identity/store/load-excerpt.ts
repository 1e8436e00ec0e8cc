import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import { type GraphCache, type SeenRows, sheetKey } from "./graph-cache.ts";
import type { AccountMembership, AccountState, GraphExcerpt, GraphRequest } from "./graph-rows.ts";

/** Rows of the graph by what names them, as the engine has them; unknown ones are missing. */
export interface ExcerptReader {
  /** May bring persons of theirs along. */
  identifiers(
    keys: readonly string[],
  ): Promise<{ identifiers: KnownIdentifier[]; persons: PersonState[] }>;
  persons(ids: readonly string[]): Promise<PersonState[]>;
  evidence(pairs: GraphRequest["evidence"]): Promise<Evidence[]>;
  sheets(slots: GraphRequest["sheets"]): Promise<FactSheet[]>;
  accounts(groupIds: readonly string[]): Promise<AccountState[]>;
  /** Of the identifiers in the accounts. */
  memberships(
    accounts: readonly AccountState[],
    keys: readonly string[],
  ): Promise<AccountMembership[]>;
}

/**
 * What a batch touches: what this unit of work has seen and what the cache has, the rest by one
 * statement a kind of row. What the engine answers may lack what the cache has.
 */
export async function loadExcerpt(
  reader: ExcerptReader,
  cache: GraphCache,
  seen: SeenRows,
  request: GraphRequest,
): Promise<GraphExcerpt> {
  const identifiers = await loadIdentifiers(reader, cache, seen, request.identifierKeys);
  const unknown = new Set(request.identifierKeys);
  for (const { key } of identifiers) unknown.delete(key);
  const personIds = new Set(identifiers.flatMap(({ personId }) => personId ?? []));
  const persons = await readThrough(
    [...personIds],
    (id) => id,
    (id) => seen.persons.get(id) ?? cache.person(id),
    (missing) => reader.persons(missing),
  );
  // Nothing is known about identifiers that are new themselves.
  const evidence = await readThrough(
    request.evidence.filter(({ low, high }) => !unknown.has(low) && !unknown.has(high)),
    evidenceKey,
    (key) => seen.evidence.get(key) ?? cache.evidence(key),
    (missing) => reader.evidence(missing),
  );
  const sheets = await readThrough(
    request.sheets.filter(({ key }) => !unknown.has(key)),
    sheetKey,
    (key) => seen.sheets.get(key) ?? cache.sheet(key),
    (missing) => reader.sheets(missing),
  );
  seen.note({ persons, evidence, sheets });
  const { groupIds, identifierKeys } = request;
  const accounts = groupIds.length > 0 ? await reader.accounts(groupIds) : [];
  const memberships = accounts.length > 0 ? await reader.memberships(accounts, identifierKeys) : [];
  return { identifiers, persons, evidence, sheets, accounts, memberships };
}

/** With the persons they have now, wherever they were found. */
async function loadIdentifiers(
  reader: ExcerptReader,
  cache: GraphCache,
  seen: SeenRows,
  keys: readonly string[],
): Promise<KnownIdentifier[]> {
  const identifiers = await readThrough(
    keys,
    (key) => key,
    (key) => {
      const known = cache.identifier(key);
      return seen.identifiers.get(key) ?? (known && seen.present(known));
    },
    async (missing) => {
      const found = await reader.identifiers(missing);
      const isNews = ({ id }: PersonState) => !seen.knows(id) && !cache.knows(id);
      seen.note({ persons: found.persons.filter(isNews) });
      return found.identifiers.map((row) => seen.present(cache.present(row)));
    },
  );
  seen.note({ identifiers });
  return identifiers;
}

async function readThrough<A, R>(
  asked: readonly A[],
  keyOf: (ask: A) => string,
  find: (key: string) => R | undefined,
  read: (missing: A[]) => Promise<R[]>,
): Promise<R[]> {
  const found: R[] = [];
  const missing: A[] = [];
  for (const ask of asked) {
    const row = find(keyOf(ask));
    if (row === undefined) missing.push(ask);
    else found.push(row);
  }
  if (missing.length > 0) for (const row of await read(missing)) found.push(row);
  return found;
}
