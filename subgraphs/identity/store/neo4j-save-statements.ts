import { edgeBetween } from "./neo4j-rows.ts";
import { evidenceColumns, identifierColumns, sheetColumns } from "./neo4j-save-rows.ts";

/** Every statement takes `$rows`, made by `neo4j-save-rows.ts`, and costs a constant per row. */

/** Properties of something new from its row, a list; the columns before `from` are no properties. */
function properties(columns: readonly string[], from: number): string {
  const pairs = columns.map((name, place) => `${name}: row[${place}]`);
  return `{${pairs.slice(from).join(", ")}}`;
}

export const savePersons = `
  UNWIND $rows AS row
  MERGE (person:Person {id: row[0]})
  SET person += {createdAt: row[1], size: row[2], policyVersion: row[3], details: row[4]}
  WITH person WHERE person:Redirect
  MATCH (person)-[hop:MERGED_INTO]->(:Person)
  REMOVE person:Redirect
  DELETE hop`;

type KindLabel = "" | ":Device" | ":Session";

/** Not in the graph yet, and somebody's. */
export function createIdentifiers(label: KindLabel): string {
  return `
    UNWIND $rows AS row
    MERGE (person:Person {id: row[0]})
    CREATE (:Identifier${label} ${properties(identifierColumns, 1)})-[:IDENTIFIES]->(person)`;
}

/** In the graph already; `set` is what differs. */
export const changeIdentifiers = `
  UNWIND $rows AS row
  MATCH (identifier:Identifier {key: row.key})
  SET identifier += row.set`;

export function saveIdentifiers(label: KindLabel): string {
  return `
    UNWIND $rows AS row
    MERGE (identifier:Identifier {key: row.key})
      ${label === "" ? "" : `ON CREATE SET identifier${label}`}
    SET identifier += row.set`;
}

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

/** The edges repeat person and position: an index gives a person's entries newest first. */
export const saveAudit = `
  UNWIND $rows AS row
  CREATE (entry:AuditEntry
    {id: row[0], kind: row[1], revertedBy: row[2], body: row[3], position: row[4]})
  WITH row, entry
  UNWIND row[5] AS personId
  MERGE (person:Person {id: personId})
  CREATE (entry)-[:CONCERNS {personId: personId, position: row[4]}]->(person)`;
