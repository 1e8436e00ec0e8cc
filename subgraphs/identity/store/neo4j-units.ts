import type { Database } from "../../../kernel/database/database.ts";
import type { GraphDatabase, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import { Neo4jGraph } from "./neo4j-graph.ts";
import { LateTransaction } from "./neo4j-late-transaction.ts";
import { awaitTurn, type Neo4jStanding, Turn } from "./neo4j-turn.ts";
import type { PolicyFollower } from "./policy-follower.ts";
import { Records } from "./records.ts";
import { type Beginning, type Unit, type UnitEngine, type UnitRunner, Units } from "./units.ts";

interface UnitsParts {
  graph: GraphDatabase;
  database: Database;
  follower: PolicyFollower;
}

/** The units of work of this process on Neo4j. */
export function neo4jUnits(parts: UnitsParts): UnitRunner<Neo4jUnit> {
  return new Units<GraphTransaction, Neo4jStanding, Neo4jUnit>(new Neo4jUnitEngine(parts), parts);
}

class Neo4jUnitEngine implements UnitEngine<GraphTransaction, Neo4jStanding, Neo4jUnit> {
  readonly awaitTurn = awaitTurn;
  private readonly parts: UnitsParts;

  constructor(parts: UnitsParts) {
    this.parts = parts;
  }

  transaction<T>(work: (tx: GraphTransaction) => Promise<T>): Promise<T> {
    return this.parts.graph.write(work);
  }

  open(tx: GraphTransaction, beginning: Beginning<Neo4jStanding>): Neo4jUnit {
    const { standing, memory, turn, mark } = beginning;
    const late = new LateTransaction(tx, turn);
    const mine = new Turn(late, standing, mark);
    const records = new Records(this.parts.database);
    const graph = new Neo4jGraph({ tx: late, early: tx, counts: mine.counts, records, memory });
    return new Neo4jUnit(graph, mine);
  }
}

/** A unit of work on Neo4j while it is done, and what it has left behind. */
export class Neo4jUnit implements Unit<Neo4jStanding> {
  readonly graph: Neo4jGraph;
  /** Keeps what is not to be done twice from it. */
  id: string | null = null;
  private readonly turn: Turn;

  constructor(graph: Neo4jGraph, turn: Turn) {
    this.graph = graph;
    this.turn = turn;
  }

  get begun(): Neo4jStanding {
    return this.turn.begun;
  }

  /** The last number given out. */
  get announced(): number {
    return this.turn.counts.announced;
  }

  get eventsPosition(): number {
    return this.turn.counts.eventsPosition;
  }

  set eventsPosition(position: number) {
    this.turn.counts.eventsPosition = position;
  }

  end(writes: boolean): Neo4jStanding {
    return writes ? this.turn.end(this.id) : this.begun;
  }
}
