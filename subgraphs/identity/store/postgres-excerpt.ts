import type { Transaction } from "../../../kernel/database/database.ts";
import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { PersonState } from "../domain/person-state.ts";
import { type GraphCache, type SeenRows, sheetKey } from "./graph-cache.ts";
import type { AccountState, GraphExcerpt, GraphRequest } from "./graph-rows.ts";
import { membershipsOf } from "./postgres-accounts.ts";
import { identifiersByKey } from "./postgres-identifiers.ts";
import * as rows from "./postgres-rows.ts";

/**
 * Reads what a batch touches: from the cache what is there, the rest by one statement a kind of
 * row.
 */
export async function loadExcerpt(
  tx: Transaction,
  cache: GraphCache,
  seen: SeenRows,
  request: GraphRequest,
): Promise<GraphExcerpt> {
  const identifiers = await readThrough(
    request.identifierKeys,
    (key) => key,
    (key) => seen.identifiers.get(key) ?? cache.identifier(key),
    (missing) => identifiersByKey(tx, missing),
  );
  seen.note({ identifiers });
  const unknown = new Set(request.identifierKeys);
  for (const { key } of identifiers) unknown.delete(key);
  const personIds = new Set(identifiers.flatMap(({ personId }) => personId ?? []));
  const persons = await readThrough(
    [...personIds],
    (id) => id,
    (id) => seen.persons.get(id) ?? cache.persons.get(id),
    (missing) => personsById(tx, missing),
  );
  // Nothing is known about identifiers that are new themselves.
  const evidence = await readThrough(
    request.evidence.filter(({ low, high }) => !unknown.has(low) && !unknown.has(high)),
    evidenceKey,
    (key) => seen.evidence.get(key) ?? cache.evidence.get(key),
    (missing) => evidenceOf(tx, missing),
  );
  const sheets = await readThrough(
    request.sheets.filter(({ key }) => !unknown.has(key)),
    sheetKey,
    (key) => seen.sheets.get(key) ?? cache.sheets.get(key),
    (missing) => sheetsOf(tx, missing),
  );
  seen.note({ persons, evidence, sheets });
  const accounts = await accountsOf(tx, request.groupIds);
  const memberships = await membershipsOf(tx, accounts, request.identifierKeys);
  return { identifiers, persons, evidence, sheets, accounts, memberships };
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

async function personsById(tx: Transaction, ids: readonly string[]): Promise<PersonState[]> {
  const found = await tx.query(
    {
      name: "identity-persons",
      text: `select ${rows.personColumns} from identity.persons p where p.id = any($1::text[])`,
    },
    [ids],
  );
  return found.map(rows.toPerson);
}

async function evidenceOf(tx: Transaction, pairs: GraphRequest["evidence"]): Promise<Evidence[]> {
  const found = await tx.query(
    {
      name: "identity-evidence",
      text: `select ${rows.evidenceColumns}
             from unnest($1::text[], $2::text[], $3::text[]) as pair (low, high, rule)
             join identity.evidence e
               on e.low_key = pair.low and e.high_key = pair.high and e.rule = pair.rule`,
    },
    [pairs.map(({ low }) => low), pairs.map(({ high }) => high), pairs.map(({ rule }) => rule)],
  );
  return found.map(rows.toEvidence);
}

async function sheetsOf(tx: Transaction, slots: GraphRequest["sheets"]): Promise<FactSheet[]> {
  const found = await tx.query(
    {
      name: "identity-sheets",
      text: `select f.key, f.source, f.facts
             from unnest($1::text[], $2::text[]) as slot (key, source)
             join identity.fact_sheets f on f.key = slot.key and f.source = slot.source`,
    },
    [slots.map(({ key }) => key), slots.map(({ source }) => source)],
  );
  return found.map(rows.toSheet);
}

async function accountsOf(tx: Transaction, groupIds: readonly string[]): Promise<AccountState[]> {
  if (groupIds.length === 0) return [];
  const found = await tx.query(
    `select ${rows.accountColumns} from identity.accounts a where a.group_id = any($1::text[])`,
    [groupIds],
  );
  return found.map(rows.toAccount);
}
