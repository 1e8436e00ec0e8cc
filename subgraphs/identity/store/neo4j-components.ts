import { int } from "neo4j-driver";
import type { GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { Decision } from "../domain/decision.ts";
import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { GraphComponent, Redirect } from "./graph-rows.ts";
import * as rows from "./neo4j-rows.ts";

/**
 * Walks the graph breadth first, one round trip a step, until nothing new is reached. A step stops
 * reading at the bound, so a hub costs no more than the bound.
 */
class Walk {
  readonly identifiers = new Map<string, KnownIdentifier>();
  readonly evidence = new Map<string, Evidence>();
  readonly decisions = new Map<string, Decision>();
  private readonly tx: GraphTransaction;

  constructor(tx: GraphTransaction) {
    this.tx = tx;
  }

  /** Whether all was reached within the bound. */
  async from(seedKeys: readonly string[], edgesMax: number): Promise<boolean> {
    let frontier = await this.visit(seedKeys, true);
    while (frontier.length > 0) {
      const [decisions, edges] = await Promise.all([
        this.decisionsOn(frontier),
        this.evidenceAt(frontier, 2 * edgesMax + 1),
      ]);
      const reached = new Set<string>();
      for (const decision of decisions) {
        this.decisions.set(decision.id, decision);
        for (const key of [...decision.left, ...decision.right]) reached.add(key);
      }
      for (const evidence of edges) {
        this.evidence.set(evidenceKey(evidence), evidence);
        reached.add(evidence.low).add(evidence.high);
      }
      if (this.evidence.size > edgesMax) return false;
      frontier = await this.visit([...reached], false);
    }
    return true;
  }

  /**
   * Reads identifiers not seen before; a generic one is a wall unless it is where the walk begins.
   */
  private async visit(keys: readonly string[], areSeeds: boolean): Promise<string[]> {
    const unseen = keys.filter((key) => !this.identifiers.has(key));
    const found = await identifiersByKey(this.tx, unseen);
    const visited = found.filter(({ generic }) => areSeeds || !generic);
    for (const identifier of visited) this.identifiers.set(identifier.key, identifier);
    return visited.map(({ key }) => key);
  }

  /** An edge between two of the keys comes twice: the limit counts both. */
  private async evidenceAt(keys: readonly string[], limit: number): Promise<Evidence[]> {
    const found = await this.tx.run(
      `UNWIND $keys AS key
       MATCH (:Identifier {key: key})-[edge:SEEN_WITH]-()
       RETURN edge {${rows.evidenceFields}} AS edge LIMIT $limit`,
      { keys, limit: int(limit) },
    );
    return found.map(({ edge }) => rows.toEvidence(edge));
  }

  private async decisionsOn(keys: readonly string[]): Promise<Decision[]> {
    const found = await this.tx.run(
      `UNWIND $keys AS key
       MATCH (:Identifier {key: key})<-[:DECIDES]-(decision:Decision {inForce: true})
       WITH DISTINCT decision
       RETURN decision {${rows.decisionFields}} AS decision`,
      { keys },
    );
    return found.map(({ decision }) => rows.toDecision(decision));
  }
}

/** See `IdentityGraph.loadComponents`. */
export async function loadComponents(
  tx: GraphTransaction,
  seedKeys: readonly string[],
  edgesMax: number,
): Promise<GraphComponent | null> {
  const walk = new Walk(tx);
  if (!(await walk.from(seedKeys, edgesMax))) return null;
  const identifiers = [...walk.identifiers.values()];
  const personIds = [...new Set(identifiers.map(({ personId }) => personId))];
  const [persons, redirects, sheets] = await Promise.all([
    tx.run(
      `UNWIND $personIds AS id
       MATCH (person:Person {id: id}) WHERE person.createdAt IS NOT NULL
       RETURN person {${rows.personFields}} AS person`,
      { personIds },
    ),
    tx.run(
      `UNWIND $personIds AS id
       MATCH (old:Person)-[:MERGED_INTO]->(:Person {id: id})
       RETURN old.id AS from, id AS to, old.createdAt AS createdAt`,
      { personIds },
    ),
    tx.run(
      `UNWIND $keys AS key
       MATCH (sheet:FactSheet)-[:DESCRIBES]->(:Identifier {key: key})
       RETURN sheet {${rows.sheetFields}} AS sheet`,
      { keys: identifiers.map(({ key }) => key) },
    ),
  ]);
  return {
    identifiers,
    evidence: [...walk.evidence.values()],
    decisions: [...walk.decisions.values()],
    persons: persons.map(({ person }) => rows.toPerson(person)),
    sheets: sheets.map(({ sheet }) => rows.toSheet(sheet)),
    redirects: redirects as unknown as Redirect[],
  };
}

export async function identifiersByKey(
  tx: GraphTransaction,
  keys: readonly string[],
): Promise<KnownIdentifier[]> {
  if (keys.length === 0) return [];
  const found = await tx.run(
    `UNWIND $keys AS key
     MATCH (identifier:Identifier {key: key})
     OPTIONAL MATCH (identifier)-[:IDENTIFIES]->(person:Person)
     RETURN identifier {${rows.identifierFields}} AS identifier, person.id AS personId`,
    { keys },
  );
  return found.map(({ identifier, personId }) => rows.toIdentifier(identifier, personId));
}

/** Every identifier of the persons, in no order. */
export async function identifiersOfPersons(
  tx: GraphTransaction,
  personIds: readonly string[],
): Promise<KnownIdentifier[]> {
  if (personIds.length === 0) return [];
  const found = await tx.run(
    `UNWIND $personIds AS id
     MATCH (identifier:Identifier)-[:IDENTIFIES]->(person:Person {id: id})
     RETURN identifier {${rows.identifierFields}} AS identifier, id`,
    { personIds },
  );
  return found.map((row) => rows.toIdentifier(row.identifier, row.id));
}

/** See `GraphScan.evidenceAt`. */
export async function evidenceAt(
  tx: GraphTransaction,
  key: string,
  limit: number,
): Promise<Evidence[]> {
  const found = await tx.run(
    `MATCH (:Identifier {key: $key})-[edge:SEEN_WITH]-()
     RETURN edge {${rows.evidenceFields}} AS edge LIMIT $limit`,
    { key, limit: int(limit) },
  );
  return found.map(({ edge }) => rows.toEvidence(edge));
}
