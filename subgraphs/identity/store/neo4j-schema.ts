import type { GraphMigration } from "../../../kernel/graph/migrate-graph.ts";

/**
 * The words of the graph, for who opens it in Neo4j Browser:
 *
 *     (:Identifier:Device {key})-[:SEEN_WITH {rule, confidence, count}]-(:Identifier {key})
 *     (:Identifier)-[:IDENTIFIES]->(:Person {id})     (:Person:Redirect)-[:MERGED_INTO]->(:Person)
 *     (:Identifier)-[:MEMBER_OF {source, role}]->(:Account)-[:HAS_DOMAIN]->(:EmailDomain)
 *     (:Account)-[:PART_OF]->(:Account)               (:Account:Workspace)-[:BELONGS_TO]->(:Account)
 *     (:Account:Household)                            who lives together; joins nobody
 *     (:FactSheet {facts})-[:DESCRIBES]->(:Identifier)
 *     (:Decision)-[:DECIDES {side}]->(:Identifier)    (:AuditEntry)-[:CONCERNS]->(:Person)
 *     (:Announcement {position})                      waits for its copy to stream `identity`
 *     (:Tombstone {hash})                             keeps somebody erased from coming back
 *     (:GraphWriter)                                  whoever writes holds its lock
 *
 * Facts hang on identifiers: who used a device is read from its SEEN_WITH edges, not kept twice.
 * Instants are ISO 8601 texts in UTC, as the domain compares them; JSON is text.
 */
export const identityGraphMigrations: GraphMigration[] = [
  {
    name: "0001-identity-graph",
    statements: [
      unique("identifier_key", "(n:Identifier)", "n.key"),
      unique("person_id", "(n:Person)", "n.id"),
      unique("seen_with_key", "()-[n:SEEN_WITH]-()", "n.key"),
      unique("fact_sheet_id", "(n:FactSheet)", "n.id"),
      unique("account_id", "(n:Account)", "n.id"),
      unique("account_group_id", "(n:Account)", "n.groupId"),
      unique("decision_id", "(n:Decision)", "n.id"),
      unique("audit_entry_id", "(n:AuditEntry)", "n.id"),
      unique("audit_entry_position", "(n:AuditEntry)", "n.position"),
      unique("announcement_position", "(n:Announcement)", "n.position"),
      unique("graph_writer_name", "(n:GraphWriter)", "n.name"),
      `CREATE INDEX concerns_person IF NOT EXISTS
       FOR ()-[n:CONCERNS]-() ON (n.personId, n.position)`,
    ],
  },
  {
    name: "0013-tombstones",
    statements: [unique("tombstone_hash", "(n:Tombstone)", "n.hash")],
  },
  {
    name: "0014-organisations",
    statements: [
      unique("email_domain_name", "(n:EmailDomain)", "n.name"),
      "CREATE INDEX account_parent IF NOT EXISTS FOR (n:Account) ON (n.parentGroupId)",
    ],
  },
  {
    name: "0015-policy-versions",
    statements: [
      "CREATE INDEX person_policy_version IF NOT EXISTS FOR (n:Person) ON (n.policyVersion)",
    ],
  },
];

function unique(name: string, pattern: string, property: string): string {
  return `CREATE CONSTRAINT ${name} IF NOT EXISTS FOR ${pattern} REQUIRE ${property} IS UNIQUE`;
}
