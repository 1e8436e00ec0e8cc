import { int } from "neo4j-driver";
import type { GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { AuditListing, Page, PersonListing, PersonRow } from "./identity-reader.ts";
import * as rows from "./neo4j-rows.ts";

const positionMax = Number.MAX_SAFE_INTEGER;

/** Persons by id, ascending. */
export async function listPersons(
  tx: GraphTransaction,
  listing: PersonListing,
  page: Page,
): Promise<PersonRow[]> {
  const { identifierKeys, namespace, createdFrom, createdBefore } = listing;
  const start =
    identifierKeys === null
      ? "MATCH (person:Person)"
      : `UNWIND $identifierKeys AS key
         MATCH (:Identifier {key: key})-[:IDENTIFIES]->(person:Person)
         WITH DISTINCT person`;
  const conditions = [
    "person.id > $after",
    "person.createdAt IS NOT NULL",
    "NOT person:Redirect",
    ...(createdFrom === null ? [] : ["person.createdAt >= $createdFrom"]),
    ...(createdBefore === null ? [] : ["person.createdAt < $createdBefore"]),
    ...(namespace === null
      ? []
      : [
          `EXISTS { (person)<-[:IDENTIFIES]-(one:Identifier)
                    WHERE ${rows.isSeen("one")} AND one.key STARTS WITH $namespace + ':' }`,
        ]),
  ];
  const found = await tx.run(
    `${start} WHERE ${conditions.join(" AND ")}
     RETURN person {${rows.personRowFields}} AS person ORDER BY person.id LIMIT $limit`,
    { ...listing, after: page.after ?? "", limit: int(page.limit) },
  );
  return found.map(({ person }) => rows.toPersonRow(person));
}

/** Audit entries, newest first; an index has them in that order. */
export async function listAudit(
  tx: GraphTransaction,
  { personId, kinds }: AuditListing,
  page: Page,
): Promise<{ entry: AuditEntry; sortKey: string }[]> {
  const [pattern, ordered] =
    personId === null
      ? ["(entry:AuditEntry)", "entry"]
      : ["(entry:AuditEntry)-[edge:CONCERNS]->(:Person)", "edge"];
  const conditions = [
    `${ordered}.position < $before`,
    ...(personId === null ? [] : ["edge.personId = $personId"]),
    ...(kinds === null ? [] : ["entry.kind IN $kinds"]),
  ];
  const found = await tx.run(
    `MATCH ${pattern} WHERE ${conditions.join(" AND ")}
     RETURN entry.body AS body, entry.revertedBy AS revertedBy, ${ordered}.position AS position
     ORDER BY ${ordered}.position DESC LIMIT $limit`,
    { personId, kinds, before: int(page.after ?? positionMax), limit: int(page.limit) },
  );
  return found.map(({ body, revertedBy, position }) => ({
    entry: rows.toAuditEntry(body, revertedBy),
    sortKey: String(position),
  }));
}
