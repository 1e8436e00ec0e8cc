import type { GraphRow, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import type { GraphChanges } from "./graph-rows.ts";
import * as accounts from "./neo4j-accounts.ts";
import { sortFresh, type SortedFresh } from "./neo4j-new-persons.ts";
import { difference, type Recall } from "./neo4j-recall.ts";
import * as rows from "./neo4j-save-rows.ts";
import * as statements from "./neo4j-save-statements.ts";

/** A statement and its rows. */
type Batch = [cypher: string, rows: readonly (GraphRow | unknown[])[]];

/**
 * Sends the difference: at most a few statements a kind of row. The order is that of the fields,
 * but that persons come first: identifiers point at them.
 */
export function saveChanges(
  tx: GraphTransaction,
  changes: GraphChanges,
  recall: Recall,
  firstAuditPosition: number,
): void {
  const redirects = [...changes.merges, ...changes.redirects];
  const identifiers = sortIdentifiers(changes, recall);
  const evidence = sort(changes.evidence.map(rows.evidenceRow), rows.evidenceColumns, recall);
  const { persons, audit } = changes;
  const fresh = sortFresh({
    persons,
    identifiers: identifiers.fresh,
    evidence: evidence.fresh,
    audit,
    firstAuditPosition,
  });
  const newOf = newOfPersons(fresh);
  const batches: Batch[] = [
    [statements.createPersons, fresh.created],
    [statements.savePersons, fresh.persons.map((person) => personRow(person, newOf))],
    [statements.markUnsettled, persons.filter(isUnsettled).map(({ id }) => [id])],
    ...identifierBatches(identifiers, newOf),
    [statements.createEvidence, fresh.evidence],
    [statements.changeEvidence, evidence.changed],
    [statements.saveEvidence, evidence.unsure],
    ...sheetBatches(changes, recall),
    [statements.moveIdentifiers, changes.merges.map(rows.redirectRow)],
    [statements.saveRedirects, redirects.map(rows.redirectRow)],
    [accounts.saveAccounts, changes.accounts.map(accounts.accountRow)],
    [accounts.saveMemberships, changes.memberships.map(accounts.membershipRow)],
    [statements.saveAudit, newOf.otherAudit],
  ];
  recall.forget();
  for (const [cypher, values] of batches) {
    if (values.length > 0) tx.write(cypher, { rows: values });
  }
}

/** What is new of one person alone: it is created together with the person. */
class OwnRows {
  readonly identifiers: unknown[][] = [];
  readonly audit: unknown[][] = [];
}

interface NewRows {
  /** Of the persons who are saved. */
  own: Map<string, OwnRows>;
  /** Of persons who are not: rows of `createIdentifiers`. */
  elsewhere: [personId: string, identifiers: unknown[][]][];
  otherAudit: unknown[][];
}

function newOfPersons({ persons, identifiers: fresh, audit }: SortedFresh): NewRows {
  const own = new Map(persons.map(({ id }) => [id, new OwnRows()]));
  const found: NewRows = { own, elsewhere: [], otherAudit: [] };
  for (const [personId, identifiers] of Map.groupBy(fresh, (each) => each.personId!)) {
    const created = identifiers.map(rows.newIdentifier);
    const together = own.get(personId);
    if (together) together.identifiers.push(...created);
    else found.elsewhere.push([personId, created]);
  }
  for (const row of audit) {
    (own.get(rows.onlyPersonOf(row) ?? "")?.audit ?? found.otherAudit).push(row);
  }
  return found;
}

function personRow(person: PersonState, { own }: NewRows): unknown[] {
  const { identifiers, audit } = own.get(person.id)!;
  return [...rows.personList(person), identifiers, audit];
}

/** To be computed again under the policy in force. */
function isUnsettled({ policyVersion }: PersonState): boolean {
  return policyVersion === 0;
}

interface SortedIdentifiers {
  fresh: KnownIdentifier[];
  unsure: KnownIdentifier[];
  changed: GraphRow[];
  moved: GraphRow[];
}

function sortIdentifiers({ identifiers, merges }: GraphChanges, recall: Recall): SortedIdentifiers {
  const survivors = new Map(merges.map(({ from, to }) => [from, to]));
  const sorted: SortedIdentifiers = { fresh: [], unsure: [], changed: [], moved: [] };
  for (const each of identifiers) {
    // Of the old person of a merge nothing may be left to point at.
    const survivor = survivors.get(each.personId ?? "");
    const identifier = survivor === undefined ? each : { ...each, personId: survivor };
    const known = recall.identifier(identifier.key);
    if (known === null && identifier.personId !== null) sorted.fresh.push(identifier);
    else if (!known) sorted.unsure.push(identifier);
    else {
      const set = difference(rows.identifierRow(known).set, rows.identifierRow(identifier).set);
      if (Object.keys(set).length > 0) sorted.changed.push({ key: identifier.key, set });
      if (known.personId !== identifier.personId) sorted.moved.push(placeOf(identifier));
    }
  }
  sorted.moved.push(...sorted.unsure.map(placeOf));
  return sorted;
}

function identifierBatches(
  { unsure, changed, moved }: SortedIdentifiers,
  { elsewhere }: NewRows,
): Batch[] {
  return [
    [statements.createIdentifiers, elsewhere],
    [statements.saveIdentifiers, unsure.map(saved)],
    [statements.changeIdentifiers, changed],
    [statements.placeIdentifiers, moved.filter(({ personId }) => personId !== null)],
    [statements.unplaceIdentifiers, moved.filter(({ personId }) => personId === null)],
  ];
}

function placeOf({ key, personId }: KnownIdentifier): GraphRow {
  return { key, personId };
}

function saved(identifier: KnownIdentifier): GraphRow {
  const { at, set } = rows.identifierRow(identifier);
  return { ...at, set, labels: rows.kindLabels[identifier.kind] };
}

function sheetBatches({ sheets }: GraphChanges, recall: Recall): Batch[] {
  const sorted = sort(sheets.map(rows.sheetRow), rows.sheetColumns, recall);
  return [
    [statements.createSheets, sorted.fresh],
    [statements.changeSheets, sorted.changed],
    [statements.saveSheets, sorted.unsure],
  ];
}

/** Rows that are new, those that differ from what was loaded, and those nobody looked for. */
function sort(all: readonly rows.SetRow[], columns: readonly string[], recall: Recall) {
  const fresh: unknown[][] = [];
  const changed: GraphRow[] = [];
  const unsure: GraphRow[] = [];
  for (const row of all) {
    const known = recall.set(row.id);
    if (known === null) fresh.push(rows.listOf(row, columns));
    else if (known === undefined) unsure.push({ ...row.at, set: row.set });
    else changed.push({ ...row.at, set: difference(known, row.set) });
  }
  return { fresh, changed, unsure };
}
