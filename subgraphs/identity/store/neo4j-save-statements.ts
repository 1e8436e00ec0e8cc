import { edgeBetween } from "./neo4j-rows.ts";
import {
  auditColumns,
  evidenceColumns,
  identifierColumns,
  sheetColumns,
} from "./neo4j-save-rows.ts";

/** Every statement takes `$rows`, made by `neo4j-save-rows.ts`, and costs a constant per row. */

/** Properties of something new from its row, a list; the columns before `from` are no properties. */
function properties(columns: readonly string[], from: number, row = "row"): string {
  const pairs = columns.map((name, place) => `${name}: ${row}[${place}]`);
  return `{${pairs.slice(from).join(", ")}}`;
}

/** An identifier of the row `own`. */
const ownIdentifier =
  `:Identifier:$(own[${identifierColumns.length}]) ` + properties(identifierColumns, 0, "own");

/** Creates the identifiers in a list of lists, and what makes them somebody's. */
function createOwn(rows: string): string {
  return `FOREACH (own IN ${rows} | CREATE (${ownIdentifier})-[:IDENTIFIES]->(person))`;
}

/** The edge repeats person and position: an index gives a person's entries newest first. */
const concerns = "[:CONCERNS {personId: person.id, position: entry[4]}]";

/** A person with all that is new of him alone: each is found once, not once for each row. */
export const savePersons = `
  UNWIND $rows AS row
  MERGE (person:Person {id: row[0]})
  SET person += {createdAt: row[1], size: row[2], policyVersion: row[3], details: row[4]}
  ${createOwn("row[5]")}
  FOREACH (entry IN row[6] |
    CREATE (:AuditEntry ${properties(auditColumns, 0, "entry")})-${concerns}->(person))
  WITH person WHERE person:Redirect OR person:Unsettled
  OPTIONAL MATCH (person)-[hop:MERGED_INTO]->(:Person)
  REMOVE person:Redirect, person:Unsettled
  DELETE hop`;

/**
 * Persons of whom nothing is in the graph yet, with all of theirs: identifiers with their labels,
 * edges by the places of both ends among them, and audit entries.
 */
export const createPersons = `
  UNWIND $rows AS row
  CREATE (person:Person {
    id: row[0], createdAt: row[1], size: row[2], policyVersion: row[3], details: row[4]})
  FOREACH (entry IN row[7] |
    CREATE (:AuditEntry ${properties(auditColumns, 0, "entry")})-${concerns}->(person))
  WITH row, person
  CALL (row, person) {
    UNWIND row[5] AS own
    CREATE (identifier${ownIdentifier})-[:IDENTIFIES]->(person)
    RETURN collect(identifier) AS identifiers
  }
  CALL (row, identifiers) {
    UNWIND row[6] AS edge
    WITH edge, identifiers[toInteger(edge[0])] AS low, identifiers[toInteger(edge[1])] AS high
    CREATE (low)-[:SEEN_WITH ${properties(evidenceColumns, 2, "edge")}]->(high)
  }`;

/** Persons that are still to be computed under the policy in force. */
export const markUnsettled = `
  UNWIND $rows AS row
  MATCH (person:Person {id: row[0]})
  SET person:Unsettled`;

/** Not in the graph yet, and somebody's who is not saved with them. */
export const createIdentifiers = `
  UNWIND $rows AS row
  MERGE (person:Person {id: row[0]})
  ${createOwn("row[1]")}`;

/** In the graph already; `set` is what differs. */
export const changeIdentifiers = `
  UNWIND $rows AS row
  MATCH (identifier:Identifier {key: row.key})
  SET identifier += row.set`;

export const saveIdentifiers = `
  UNWIND $rows AS row
  MERGE (identifier:Identifier {key: row.key}) ON CREATE SET identifier:$(row.labels)
  SET identifier += row.set`;

export const placeIdentifiers = `
  UNWIND $rows AS row
  MATCH (identifier:Identifier {key: row.key})
  OPTIONAL MATCH (identifier)-[edge:IDENTIFIES]->(was:Person)
  WITH row, identifier, edge, was
  WHERE was IS NULL OR was.id <> row.personId
  DELETE edge
  MERGE (person:Person {id: row.personId})
  CREATE (identifier)-[:IDENTIFIES]->(person)`;

export const unplaceIdentifiers = `
  UNWIND $rows AS row
  MATCH (:Identifier {key: row.key})-[edge:IDENTIFIES]->(:Person)
  DELETE edge`;

export const createEvidence = `
  UNWIND $rows AS row
  MATCH (low:Identifier {key: row[0]})
  MATCH (high:Identifier {key: row[1]})
  CREATE (low)-[:SEEN_WITH ${properties(evidenceColumns, 2)}]->(high)`;

export const changeEvidence = `
  UNWIND $rows AS row
  MATCH (low:Identifier {key: row.low})
  MATCH (high:Identifier {key: row.high})
  WITH row, low, high, row.rule AS rule ${edgeBetween}
  SET edge += row.set`;

export const saveEvidence = `
  UNWIND $rows AS row
  MATCH (low:Identifier {key: row.low})
  MATCH (high:Identifier {key: row.high})
  MERGE (low)-[edge:SEEN_WITH {rule: row.rule}]->(high)
  SET edge += row.set`;

export const createSheets = `
  UNWIND $rows AS row
  MATCH (identifier:Identifier {key: row[0]})
  CREATE (:FactSheet ${properties(sheetColumns, 1)})-[:DESCRIBES]->(identifier)`;

export const changeSheets = `
  UNWIND $rows AS row
  MATCH (sheet:FactSheet {id: row.id})
  SET sheet += row.set`;

export const saveSheets = `
  UNWIND $rows AS row
  MATCH (identifier:Identifier {key: row.key})
  MERGE (sheet:FactSheet {id: row.id})
  SET sheet += row.set
  MERGE (sheet)-[:DESCRIBES]->(identifier)`;

/** Of the rows of merges: all that belonged or led to `from` does so to `to`. */
export const moveIdentifiers = `
  UNWIND $rows AS row
  MERGE (old:Person {id: row.from})
  MERGE (survivor:Person {id: row.to})
  WITH old, survivor
  CALL (old, survivor) {
    MATCH (identifier:Identifier)-[edge:IDENTIFIES]->(old)
    DELETE edge
    CREATE (identifier)-[:IDENTIFIES]->(survivor)
  }
  CALL (old, survivor) {
    MATCH (older:Person)-[hop:MERGED_INTO]->(old)
    DELETE hop
    CREATE (older)-[:MERGED_INTO]->(survivor)
  }`;

export const saveRedirects = `
  UNWIND $rows AS row
  MERGE (old:Person {id: row.from})
  MERGE (survivor:Person {id: row.to})
  WITH row, old, survivor
  OPTIONAL MATCH (old)-[hop:MERGED_INTO]->(:Person)
  DELETE hop
  SET old:Redirect, old += row.set
  CREATE (old)-[:MERGED_INTO]->(survivor)`;

/** Entries about several persons, or about one who is not saved with them. */
export const saveAudit = `
  UNWIND $rows AS row
  CREATE (node:AuditEntry ${properties(auditColumns, 0)})
  WITH row AS entry, node
  UNWIND entry[5] AS personId
  MERGE (person:Person {id: personId})
  CREATE (node)-${concerns}->(person)`;
