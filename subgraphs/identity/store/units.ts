import type { Database } from "../../../kernel/database/database.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import { GraphCache, type GraphVersion, type SeenRows } from "./graph-cache.ts";
import type { IdentityGraph } from "./identity-store.ts";
import { LateTurn } from "./late-turn.ts";
import { policyBody } from "./policy-body.ts";
import type { PolicyFollower, PolicyStanding } from "./policy-follower.ts";

/** How the graph stands between two units of work. */
export interface Standing {
  /** No two states of a graph have the same, whoever has written. */
  readonly version: GraphVersion;
  readonly policy: PolicyStanding;
}

/** The graph inside a unit of work that others may begin on. */
export interface UnitGraph extends IdentityGraph {
  readonly seen: SeenRows;
  /** Whether the next unit has to look: rows were removed, or another policy is in force. */
  readonly mustBeRead: boolean;
}

/** A unit of work while it is done. */
export interface Unit<S extends Standing> {
  readonly graph: UnitGraph;
  /** How the graph is before anything is written. */
  readonly begun: S;
  /** Position in stream `events` up to which everything is in the graph, with this unit. */
  eventsPosition: number;
  /** Notes what was given out, when something is to be kept of it; gives how the graph stands then. */
  end(writes: boolean): S;
}

/** How a unit of work leaves the graph, for the one after it. */
interface Lead<S extends Standing> {
  standing: S;
  /** Of the units that began each on what the one before it would leave. */
  memory: GraphCache;
  /** Resolves when its turn has come: who asks for his at the same time may get it first. */
  turn: Promise<void>;
}

/** What a unit of work begins on. */
export interface Beginning<S extends Standing> {
  standing: S;
  /** Tells what the units before will have left. */
  memory: GraphCache;
  turn: LateTurn;
  mark: string;
}

/** What units of work need of an engine. */
export interface UnitEngine<Tx, S extends Standing, U extends Unit<S>> {
  /** May do the work more than once. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * The right to write, until the commit, whatever process asks; gives what the writer before has left. `mark`:
   * what tells the state that this unit leaves from all others.
   */
  awaitTurn(tx: Tx, mark: string): Promise<S>;
  /** What it writes waits for its turn. */
  open(tx: Tx, beginning: Beginning<S>): U;
}

interface Policies {
  database: Database;
  /** Told before a unit reads anything. */
  follower: PolicyFollower;
}

/** What a unit of work came to; `writes`: false where nothing is to be kept of it. */
interface UnitOutcome<T> {
  result: T;
  writes: boolean;
}

/** `isAhead`: it began while the unit before it was still to commit. */
type Work<T, U> = (unit: U, isAhead: boolean) => Promise<UnitOutcome<T>>;

/** A unit of work as it is asked for. */
interface Task<T, S extends Standing, U> {
  work: Work<T, U>;
  /** Told once, when all is said that it writes. */
  worked(lead: Lead<S>): void;
}

interface Done<T, U> {
  result: T;
  unit: U;
}

export interface UnitRunner<U> {
  /** `work` may be done more than once; gives the unit of the last time, which was committed. */
  run<T>(work: Work<T, U>): Promise<Done<T, U>>;
}

/** Its turn came, and the graph was not left as was expected: somebody else has written. */
class Overtaken extends Error {}

/** Units that have begun and are still to commit, the one that begins among them: the cache tells apart so many. */
export const underWayMax = 3;

/**
 * The units of work of this process, one after the other. One begins when the one before it has said
 * all that it writes: it reads and computes on what that will have left, which is remembered here,
 * while the engine writes and commits; then takes its turn. Where the graph is not as it was taken to
 * be (a commit failed, another process came between), it is done again, with nothing remembered.
 */
export class Units<Tx, S extends Standing, U extends Unit<S>> implements UnitRunner<U> {
  private readonly engine: UnitEngine<Tx, S, U>;
  private readonly policies: Policies;
  /** How the last unit leaves the graph; null: it has to be looked up. */
  private last: Promise<Lead<S> | null> = Promise.resolve(null);
  /** The newest: what was said by units with another one counts no more. */
  private memory = new GraphCache();
  /** Ends of the last ones, the newest first. */
  private ends: Promise<void>[] = [];

  constructor(engine: UnitEngine<Tx, S, U>, policies: Policies) {
    this.engine = engine;
    this.policies = policies;
  }

  async run<T>(work: Work<T, U>): Promise<Done<T, U>> {
    const before = this.last;
    const worked = Promise.withResolvers<Lead<S> | null>();
    const ended = Promise.withResolvers<void>();
    this.last = worked.promise;
    const place = this.ends[underWayMax - 1];
    this.ends = [ended.promise, ...this.ends].slice(0, underWayMax);
    try {
      const lead = await before;
      await place;
      const ahead = lead?.memory === this.memory ? lead : null;
      const task = { work, worked: worked.resolve };
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

  private attempt<T>(task: Task<T, S, U>, lead: Lead<S> | null): Promise<Done<T, U>> {
    let ahead = lead;
    return this.engine.transaction((tx) => {
      const done = this.once(tx, task, ahead);
      // The engine may ask for the work again: then nothing is sure any more.
      ahead = null;
      return done;
    });
  }

  private async once<T>(
    tx: Tx,
    { work, worked }: Task<T, S, U>,
    ahead: Lead<S> | null,
  ): Promise<Done<T, U>> {
    const memory = ahead?.memory ?? this.forget();
    const mark = newId("version");
    const turn = new LateTurn(async () => ahead && this.takeAfter(ahead, tx, mark));
    const standing = ahead?.standing ?? (await this.engine.awaitTurn(tx, mark));
    if (!ahead) await turn.come();
    const { database, follower } = this.policies;
    await follower.follow(standing.policy, (version) => policyBody(database, version));
    memory.begin(standing.version);
    const unit = this.engine.open(tx, { standing, memory, turn, mark });
    const { result, writes } = await work(unit, ahead !== null);
    const left = unit.end(writes);
    if (!unit.graph.mustBeRead && memory === this.memory) {
      memory.commit(left.version, unit.graph.seen);
      worked({ standing: left, memory, turn: turn.come() });
    }
    await turn.come();
    return { result, unit };
  }

  private async takeAfter(lead: Lead<S>, tx: Tx, mark: string): Promise<void> {
    await lead.turn.catch(() => undefined);
    const { version } = await this.engine.awaitTurn(tx, mark);
    if (version !== lead.standing.version) throw new Overtaken("somebody else has written");
  }

  /** Of a unit that has to look how the graph is nobody knows among which others it comes. */
  private forget(): GraphCache {
    this.memory = new GraphCache();
    return this.memory;
  }
}
