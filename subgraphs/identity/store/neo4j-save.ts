import type { GraphRow, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { GraphChanges } from "./graph-rows.ts";
import * as accounts from "./neo4j-accounts.ts";
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
  const batches: Batch[] = [
    [statements.savePersons, changes.persons.map(rows.personList)],
    ...identifierBatches(changes, recall),
    ...evidenceBatches(changes, recall),
    ...sheetBatches(changes, recall),
    [statements.moveIdentifiers, changes.merges.map(rows.redirectRow)],
    [statements.saveRedirects, redirects.map(rows.redirectRow)],
    [accounts.saveAccounts, changes.accounts.map(accounts.accountRow)],
    [accounts.saveMemberships, changes.memberships.map(accounts.membershipRow)],
    [
      statements.saveAudit,
      changes.audit.map((entry, place) => rows.auditList(entry, firstAuditPosition + place)),
    ],
  ];
  recall.forget();
  for (const [cypher, values] of batches) {
    if (values.length > 0) tx.write(cypher, { rows: values });
  }
}

const labels = { DEVICE: ":Device", SESSION: ":Session", PERSON: "", ACCOUNT: "" } as const;

function identifierBatches({ identifiers, merges }: GraphChanges, recall: Recall): Batch[] {
  const survivors = new Map(merges.map(({ from, to }) => [from, to]));
  // Of the old person of a merge nothing may be left to point at.
  const placed = identifiers.map((identifier) => {
    const survivor = survivors.get(identifier.personId ?? "");
    return survivor === undefined ? identifier : { ...identifier, personId: survivor };
  });
  const fresh: KnownIdentifier[] = [];
  const unsure: KnownIdentifier[] = [];
  const moved: GraphRow[] = [];
  const changed: GraphRow[] = [];
  for (const identifier of placed) {
    const known = recall.identifier(identifier.key);
    if (known === null && identifier.personId !== null) fresh.push(identifier);
    else if (!known) unsure.push(identifier);
    else {
      const set = difference(rows.identifierRow(known).set, rows.identifierRow(identifier).set);
      if (Object.keys(set).length > 0) changed.push({ key: identifier.key, set });
      if (known.personId !== identifier.personId) moved.push(placeOf(identifier));
    }
  }
  moved.push(...unsure.map(placeOf));
  return [
    ...byLabel(fresh).map(
      ([label, own]): Batch => [
        statements.createIdentifiers(label),
        own.map((each) => rows.listOf(rows.identifierRow(each), rows.identifierColumns)),
      ],
    ),
    ...byLabel(unsure).map(
      ([label, own]): Batch => [statements.saveIdentifiers(label), own.map(saved)],
    ),
    [statements.changeIdentifiers, changed],
    [statements.placeIdentifiers, moved.filter(({ personId }) => personId !== null)],
    [statements.unplaceIdentifiers, moved.filter(({ personId }) => personId === null)],
  ];
}

function placeOf({ key, personId }: KnownIdentifier): GraphRow {
  return { key, personId };
}

function byLabel(identifiers: readonly KnownIdentifier[]) {
  return [...Map.groupBy(identifiers, ({ kind }) => labels[kind])];
}

function saved(identifier: KnownIdentifier): GraphRow {
  const { at, set } = rows.identifierRow(identifier);
  return { ...at, set };
}

function evidenceBatches({ evidence }: GraphChanges, recall: Recall): Batch[] {
  const sorted = sort(evidence.map(rows.evidenceRow), rows.evidenceColumns, recall);
  return [
    [statements.createEvidence, sorted.fresh],
    [statements.changeEvidence, sorted.changed],
    [statements.saveEvidence, sorted.unsure],
  ];
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
