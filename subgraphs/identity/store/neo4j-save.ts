import type { GraphRow, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { GraphChanges } from "./graph-rows.ts";
import * as accounts from "./neo4j-accounts.ts";
import { difference, type Recall } from "./neo4j-recall.ts";
import * as rows from "./neo4j-save-rows.ts";
import * as statements from "./neo4j-save-statements.ts";

/** A statement and its rows. */
type Batch = [cypher: string, rows: readonly GraphRow[]];

/**
 * Writes the difference: at most a few statements a kind of row, all in one round trip. The order
 * is that of the fields, but that persons come first: identifiers point at them.
 */
export async function saveChanges(
  tx: GraphTransaction,
  changes: GraphChanges,
  recall: Recall,
  firstAuditPosition: number,
): Promise<void> {
  const redirects = [...changes.merges, ...changes.redirects];
  const batches: Batch[] = [
    [statements.savePersons, changes.persons.map(rows.personRow)],
    ...identifierBatches(changes, recall),
    ...evidenceBatches(changes, recall),
    ...sheetBatches(changes, recall),
    [statements.moveIdentifiers, changes.merges.map(rows.redirectRow)],
    [statements.saveRedirects, redirects.map(rows.redirectRow)],
    [accounts.saveAccounts, changes.accounts.map(accounts.accountRow)],
    [accounts.saveMemberships, changes.memberships.map(accounts.membershipRow)],
    [
      statements.saveAudit,
      changes.audit.map((entry, place) => rows.auditRow(entry, firstAuditPosition + place)),
    ],
  ];
  recall.forget();
  const filled = batches.filter(([, values]) => values.length > 0);
  await Promise.all(filled.map(([cypher, values]) => tx.run(cypher, { rows: values })));
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
    ...byLabel(statements.createIdentifiers, fresh),
    ...byLabel(statements.saveIdentifiers, unsure),
    [statements.changeIdentifiers, changed],
    [statements.placeIdentifiers, moved.filter(({ personId }) => personId !== null)],
    [statements.unplaceIdentifiers, moved.filter(({ personId }) => personId === null)],
  ];
}

function placeOf({ key, personId }: KnownIdentifier): GraphRow {
  return { key, personId };
}

function byLabel(
  statementOf: typeof statements.saveIdentifiers,
  identifiers: readonly KnownIdentifier[],
): Batch[] {
  const groups = Map.groupBy(identifiers, ({ kind }) => labels[kind]);
  return [...groups].map(
    ([label, own]): Batch => [statementOf(label), own.map(rows.identifierRow)],
  );
}

function evidenceBatches({ evidence }: GraphChanges, recall: Recall): Batch[] {
  const { fresh, changed, unsure } = sorted(evidence.map(rows.evidenceRow), "key", recall);
  return [
    [statements.createEvidence, fresh],
    [statements.changeEvidence, changed],
    [statements.saveEvidence, unsure],
  ];
}

function sheetBatches({ sheets }: GraphChanges, recall: Recall): Batch[] {
  const { fresh, changed, unsure } = sorted(sheets.map(rows.sheetRow), "id", recall);
  return [
    [statements.createSheets, fresh],
    [statements.changeSheets, changed],
    [statements.saveSheets, unsure],
  ];
}

/** Rows that are new, those that differ from what was loaded, and those nobody looked for. */
function sorted(all: readonly rows.SetRow[], idField: "key" | "id", recall: Recall) {
  const fresh: GraphRow[] = [];
  const changed: GraphRow[] = [];
  const unsure: GraphRow[] = [];
  for (const row of all) {
    const id = row[idField] as string;
    const known = recall.set(id);
    if (known === null) fresh.push(row);
    else if (known === undefined) unsure.push(row);
    else changed.push({ [idField]: id, set: difference(known, row.set) });
  }
  return { fresh, changed, unsure };
}
