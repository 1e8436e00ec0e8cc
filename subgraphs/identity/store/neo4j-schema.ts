import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { GraphDatabase } from "../../../kernel/graph/graph-database.ts";
import type { GraphMigration } from "../../../kernel/graph/migrate-graph.ts";

/**
 * The words of the graph, for who opens it in Neo4j Browser:
 *
 *     (:Identifier:Device {key})-[:SEEN_WITH {rule, confidence}]-(:Identifier {key})
 *     (:Identifier)-[:IDENTIFIES]->(:Person {id})     (:Person:Redirect)-[:MERGED_INTO]->(:Person)
 *     (:Identifier)-[:MEMBER_OF {source, role}]->(:Account)-[:HAS_DOMAIN]->(:EmailDomain)
 *     (:Account)-[:PART_OF]->(:Account)               (:Account:Workspace)-[:BELONGS_TO]->(:Account)
 *     (:Account:Household)                            who lives together; joins nobody
 *     (:Person:Unsettled)                             to be computed again under the policy in force
 *     (:FactSheet {facts})-[:DESCRIBES]->(:Identifier)
 *     (:Decision)-[:DECIDES {side}]->(:Identifier)    (:AuditEntry)-[:CONCERNS]->(:Person)
 *     (:Announcements {position, entries})            of a unit of work, on their way to stream `identity`
 *     (:Tombstone {hash})                             keeps somebody erased from coming back
 *     (:GraphWriter)                                  whoever writes holds its lock
 *
 * An edge SEEN_WITH is found from its ends. What no query asks for is JSON in one property `details`:
 * each property and each index costs a batch more than what stands in it.
 * For the same reason `lastSeenAt` is missing where it is `firstSeenAt`, and `seen` where it is true.
 * Facts hang on identifiers: who used a device is read from its SEEN_WITH edges, not kept twice.
 * Instants are ISO 8601 texts in UTC, as the domain compares them; JSON is text.
 */
export const identityGraphMigrations: GraphMigration[] = [
  {
    name: "0016-identity-graph",
    statements: [
      unique("identifier_key", "(n:Identifier)", "n.key"),
      unique("person_id", "(n:Person)", "n.id"),
      unique("fact_sheet_id", "(n:FactSheet)", "n.id"),
      unique("account_id", "(n:Account)", "n.id"),
      unique("account_group_id", "(n:Account)", "n.groupId"),
      unique("email_domain_name", "(n:EmailDomain)", "n.name"),
      unique("decision_id", "(n:Decision)", "n.id"),
      unique("announcements_position", "(n:Announcements)", "n.position"),
      unique("tombstone_hash", "(n:Tombstone)", "n.hash"),
      unique("graph_writer_name", "(n:GraphWriter)", "n.name"),
      "CREATE INDEX account_parent IF NOT EXISTS FOR (n:Account) ON (n.parentGroupId)",
      `CREATE INDEX concerns_person IF NOT EXISTS
       FOR ()-[n:CONCERNS]-() ON (n.personId, n.position)`,
      // What an emptied graph of an earlier version still has.
      "DROP CONSTRAINT seen_with_key IF EXISTS",
      "DROP CONSTRAINT announcement_position IF EXISTS",
    ],
  },
  {
    // Each index costs a batch more than what stands in it: who is unsettled bears a label.
    name: "0017-fewer-indexes",
    statements: [
      "MATCH (n:Person) WHERE n.policyVersion = 0 AND NOT n:Redirect SET n:Unsettled",
      "DROP INDEX person_policy_version IF EXISTS",
      "DROP CONSTRAINT audit_entry_position IF EXISTS",
      "CREATE INDEX audit_entry_place IF NOT EXISTS FOR (n:AuditEntry) ON (n.position)",
    ],
  },
  {
    // Ids of entries are made here and written once. To look for what is unique, five times a new person, took a
    // fifth of the engine's time.
    name: "0018-audit-ids-unasked",
    statements: [
      "DROP CONSTRAINT audit_entry_id IF EXISTS",
      "CREATE INDEX audit_entry_name IF NOT EXISTS FOR (n:AuditEntry) ON (n.id)",
    ],
  },
];

/** The first migration of the versions that kept every field as a property of its own. */
const earlierGraph = "identity/0001-identity-graph";

/** Throws UNAVAILABLE when the graph was made by a version whose rows this one cannot read. */
export async function refuseEarlierGraph(graph: GraphDatabase): Promise<void> {
  const found = await graph.read((tx) =>
    tx.run("MATCH (migration:SchemaMigration {id: $id}) RETURN migration.id AS id", {
      id: earlierGraph,
    }),
  );
  if (found.length === 0) return;
  throw new DomainError(
    "UNAVAILABLE",
    `The graph in Neo4j at ${graph.host} was made by an earlier version, whose rows this one ` +
      "cannot read. Empty the graph: it is built again from the events.",
  );
}

function unique(name: string, pattern: string, property: string): string {
  return `CREATE CONSTRAINT ${name} IF NOT EXISTS FOR ${pattern} REQUIRE ${property} IS UNIQUE`;
}
