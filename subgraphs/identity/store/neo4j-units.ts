import type { Database } from "../../../kernel/database/database.ts";
import type { GraphDatabase, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import { GraphCache } from "./graph-cache.ts";
import type { Announcement } from "./neo4j-announcements.ts";
import { Neo4jGraph } from "./neo4j-graph.ts";
import { LateTransaction } from "./neo4j-late-transaction.ts";
import { awaitTurn, Overtaken, type Standing, Turn, type WriterCounts } from "./neo4j-turn.ts";
import { policyBody } from "./policy-body.ts";
import type { PolicyFollower } from "./policy-follower.ts";
import { Records } from "./records.ts";

/** What a transaction has left behind. */
export interface CommittedUnit {
  counts: Readonly<WriterCounts>;
  announced: readonly Announcement[];
}

/** A unit of work while it is done. */
interface Unit {
  readonly graph: Neo4jGraph;
  /** What it has counted so far; what it changes here is noted with its commit. */
  readonly counts: WriterCounts;
  readonly recentUnits: readonly string[];
  /** Whether it began while the unit before it was still to commit. */
  readonly isAhead: boolean;
}

/** What a unit of work came to; `writes`: false where nothing is to be kept of it. */
interface UnitOutcome<T> {
  result: T;
  writes: boolean;
}

type Work<T> = (unit: Unit) => Promise<UnitOutcome<T>>;

interface UnitsParts {
  graph: GraphDatabase;
  database: Database;
  /** Told before a unit reads anything. */
  follower: PolicyFollower;
}

/**
 * The units of work of this process, one after the other. One begins when the one before it has said
 * all that it writes: it reads and computes on what that will have left, which is remembered here,
 * while the engine commits; then takes its turn. Where the graph is not as it was taken to be (the
 * commit failed, another process came between), it is done again.
 */
export class Neo4jUnits {
  private readonly parts: UnitsParts;
  private readonly memory = new GraphCache();
  /** How the last unit leaves the graph; null: it has to be looked up. */
  private last: Promise<Standing | null> = Promise.resolve(null);

  constructor(parts: UnitsParts) {
    this.parts = parts;
  }

  /** `work` may be done more than once. `unitId` keeps what is not to be done twice from it. */
  async run<T>(
    work: Work<T>,
    unitId: string | null,
  ): Promise<{ result: T; committed: CommittedUnit }> {
    const before = this.last;
    let worked!: (standing: Standing | null) => void;
    this.last = new Promise((resolve) => (worked = resolve));
    try {
      const lead = await before;
      try {
        return await this.attempt(work, unitId, lead, worked);
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
        return await this.attempt(work, unitId, null, worked);
      }
    } finally {
      worked(null);
    }
  }

  private attempt<T>(
    work: Work<T>,
    unitId: string | null,
    lead: Standing | null,
    worked: (standing: Standing | null) => void,
  ): Promise<{ result: T; committed: CommittedUnit }> {
    let expected = lead;
    return this.parts.graph.write(async (tx) => {
      const ahead = expected;
      // The engine may ask for the work again: then nothing is sure any more.
      expected = null;
      const { turn, late } = await this.begin(tx, ahead);
      const graph = this.graphIn(tx, late, turn);
      const { counts, begun } = turn;
      const { recentUnits } = begun;
      const done = await work({ graph, counts, recentUnits, isAhead: ahead !== null });
      await late.turn();
      const standing = done.writes ? turn.end(unitId) : begun;
      if (!graph.mustBeRead) {
        this.memory.commit(standing.version, graph.seen);
        worked(standing);
      }
      return { result: done.result, committed: { counts, announced: graph.announced } };
    });
  }

  private async begin(tx: GraphTransaction, ahead: Standing | null) {
    const take = async () => {
      const { version } = await awaitTurn(tx);
      if (version !== ahead?.version) throw new Overtaken("somebody else has written");
    };
    const late = new LateTransaction(tx, ahead ? take : () => Promise.resolve());
    const turn = new Turn(late, ahead ?? (await awaitTurn(tx)));
    if (!ahead) await late.turn();
    const { database, follower } = this.parts;
    this.memory.begin(turn.begun.version);
    await follower.follow(turn.begun.policy, (version) => policyBody(database, version));
    return { turn, late };
  }

  private graphIn(tx: GraphTransaction, late: LateTransaction, { counts }: Turn): Neo4jGraph {
    return new Neo4jGraph({
      tx: late,
      early: tx,
      counts,
      records: new Records(this.parts.database),
      memory: this.memory,
    });
  }
}
