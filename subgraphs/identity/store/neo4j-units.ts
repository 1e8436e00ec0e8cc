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

/** How a unit of work leaves the graph, for the one after it. */
interface Lead {
  standing: Standing;
  /** Of the units that began each on what the one before it would leave. */
  memory: GraphCache;
  /** Resolves when its turn has come: who asks for his at the same time may get it first. */
  turn: Promise<void>;
}

/** A unit of work as it is asked for. */
interface Task<T> {
  work: Work<T>;
  unitId: string | null;
  /** Told once, when all is said that it writes. */
  worked(lead: Lead): void;
}

interface Done<T> {
  result: T;
  committed: CommittedUnit;
}

/** Units that have begun and are still to commit, the one that begins among them: the cache tells apart so many. */
export const underWayMax = 3;

/**
 * The units of work of this process, one after the other. One begins when the one before it has said
 * all that it writes: it reads and computes on what that will have left, which is remembered here,
 * while the engine writes and commits; then takes its turn. Where the graph is not as it was taken to
 * be (a commit failed, another process came between), it is done again, with nothing remembered.
 */
export class Neo4jUnits {
  private readonly parts: UnitsParts;
  /** How the last unit leaves the graph; null: it has to be looked up. */
  private last: Promise<Lead | null> = Promise.resolve(null);
  /** The newest: what was said by units with another one counts no more. */
  private memory = new GraphCache();
  /** Ends of the last ones, the newest first. */
  private ends: Promise<void>[] = [];

  constructor(parts: UnitsParts) {
    this.parts = parts;
  }

  /** `work` may be done more than once. `unitId` keeps what is not to be done twice from it. */
  async run<T>(work: Work<T>, unitId: string | null): Promise<Done<T>> {
    const before = this.last;
    const worked = Promise.withResolvers<Lead | null>();
    const ended = Promise.withResolvers<void>();
    this.last = worked.promise;
    const place = this.ends[underWayMax - 1];
    this.ends = [ended.promise, ...this.ends].slice(0, underWayMax);
    try {
      const lead = await before;
      await place;
      const ahead = lead?.memory === this.memory ? lead : null;
      const task = { work, unitId, worked: worked.resolve };
      try {
        return await this.attempt(task, ahead);
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
        return await this.attempt(task, null);
      }
    } finally {
      worked.resolve(null);
      ended.resolve();
    }
  }

  private attempt<T>(task: Task<T>, lead: Lead | null): Promise<Done<T>> {
    let ahead = lead;
    return this.parts.graph.write((tx) => {
      const done = this.once(tx, task, ahead);
      // The engine may ask for the work again: then nothing is sure any more.
      ahead = null;
      return done;
    });
  }

  private async once<T>(
    tx: GraphTransaction,
    { work, unitId, worked }: Task<T>,
    ahead: Lead | null,
  ): Promise<Done<T>> {
    const memory = ahead?.memory ?? this.forget();
    const { turn, late } = await this.begin(tx, ahead);
    const { counts, begun } = turn;
    memory.begin(begun.version);
    const records = new Records(this.parts.database);
    const graph = new Neo4jGraph({ tx: late, early: tx, counts, records, memory });
    const { recentUnits } = begun;
    const done = await work({ graph, counts, recentUnits, isAhead: ahead !== null });
    const standing = done.writes ? turn.end(unitId) : begun;
    if (!graph.mustBeRead && memory === this.memory) {
      memory.commit(standing.version, graph.seen);
      worked({ standing, memory, turn: late.turn() });
    }
    await late.turn();
    return { result: done.result, committed: { counts, announced: graph.announced } };
  }

  /** Of a unit that has to look how the graph is nobody knows among which others it comes. */
  private forget(): GraphCache {
    this.memory = new GraphCache();
    return this.memory;
  }

  private async begin(tx: GraphTransaction, ahead: Lead | null) {
    const take = async () => {
      await ahead?.turn.catch(() => undefined);
      const { version } = await awaitTurn(tx);
      if (version !== ahead?.standing.version) throw new Overtaken("somebody else has written");
    };
    const late = new LateTransaction(tx, ahead ? take : () => Promise.resolve());
    const turn = new Turn(late, ahead?.standing ?? (await awaitTurn(tx)));
    if (!ahead) await late.turn();
    const { database, follower } = this.parts;
    await follower.follow(turn.begun.policy, (version) => policyBody(database, version));
    return { turn, late };
  }
}
