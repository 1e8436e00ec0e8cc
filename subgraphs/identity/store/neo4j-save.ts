import type { GraphRow, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { GraphChanges } from "./graph-rows.ts";
import * as statements from "./neo4j-save-statements.ts";
import * as rows from "./neo4j-save-rows.ts";

/**
 * Writes the difference: at most a few statements a kind of row, all in one round trip. The order
 * is that of the fields, but that persons come first: identifiers point at them.
 */
export async function saveChanges(
  tx: GraphTransaction,
  changes: GraphChanges,
  firstAuditPosition: number,
): Promise<void> {
  const put = (cypher: string, values: readonly GraphRow[]) =>
    values.length === 0 ? [] : [tx.run(cypher, { rows: values })];
  const redirects = [...changes.merges, ...changes.redirects];
  await Promise.all([
    ...put(statements.savePersons, changes.persons.map(rows.personRow)),
    ...saveIdentifiers(put, changes),
    ...put(statements.saveEvidence, changes.evidence.map(rows.evidenceRow)),
    ...put(statements.saveSheets, changes.sheets.map(rows.sheetRow)),
    ...put(statements.moveIdentifiers, changes.merges.map(rows.redirectRow)),
    ...put(statements.saveRedirects, redirects.map(rows.redirectRow)),
    ...put(statements.saveAccounts, changes.accounts.map(rows.accountRow)),
    ...put(statements.saveMemberships, changes.memberships.map(rows.membershipRow)),
    ...put(
      statements.saveAudit,
      changes.audit.map((entry, place) => rows.auditRow(entry, firstAuditPosition + place)),
    ),
  ]);
}

type Put = (cypher: string, values: readonly GraphRow[]) => Promise<GraphRow[]>[];

function saveIdentifiers(put: Put, { identifiers, merges }: GraphChanges): Promise<GraphRow[]>[] {
  const survivors = new Map(merges.map(({ from, to }) => [from, to]));
  const survivorOf = ({ key, personId }: KnownIdentifier) => ({
    key,
    personId: personId === null ? null : (survivors.get(personId) ?? personId),
  });
  const isOther = ({ kind }: KnownIdentifier) => kind !== "DEVICE" && kind !== "SESSION";
  const ofKind = (kind: string) => identifiers.filter((identifier) => identifier.kind === kind);
  const places = identifiers.map(survivorOf);
  return [
    ...put(statements.saveIdentifiers(""), identifiers.filter(isOther).map(rows.identifierRow)),
    ...put(statements.saveIdentifiers(":Device"), ofKind("DEVICE").map(rows.identifierRow)),
    ...put(statements.saveIdentifiers(":Session"), ofKind("SESSION").map(rows.identifierRow)),
    ...put(statements.placeIdentifiers, places.filter(({ personId }) => personId !== null)),
    ...put(statements.unplaceIdentifiers, places.filter(({ personId }) => personId === null)),
  ];
}
