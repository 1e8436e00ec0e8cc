import type { Database, Transaction } from "../../../kernel/database/database.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { PolicyFollower } from "./policy-follower.ts";
import { PostgresGraph } from "./postgres-graph.ts";
import { LateTransaction } from "./postgres-late-transaction.ts";
import { awaitTurn, type PostgresStanding, versionOf } from "./postgres-turn.ts";
import { type Beginning, type Unit, type UnitEngine, type UnitRunner, Units } from "./units.ts";

interface UnitsParts {
  database: Database;
  streams: Streams;
  follower: PolicyFollower;
}

/** The units of work of this process on PostgreSQL. */
export function postgresUnits(parts: UnitsParts): UnitRunner<PostgresUnit> {
  return new Units<Transaction, PostgresStanding, PostgresUnit>(
    new PostgresUnitEngine(parts),
    parts,
  );
}

class PostgresUnitEngine implements UnitEngine<Transaction, PostgresStanding, PostgresUnit> {
  readonly awaitTurn = awaitTurn;
  private readonly parts: UnitsParts;

  constructor(parts: UnitsParts) {
    this.parts = parts;
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.parts.database.transaction(work, { isRepeatable: true });
  }

  open(tx: Transaction, beginning: Beginning<PostgresStanding>): PostgresUnit {
    const { standing, memory, turn, mark } = beginning;
    const late = new LateTransaction(tx, turn);
    const { streams } = this.parts;
    const { lastErasedAt } = standing;
    const graph = new PostgresGraph({ tx: late, early: tx, streams, memory, lastErasedAt });
    return new PostgresUnit(graph, late, standing, mark);
  }
}

/** A unit of work on PostgreSQL while it is done. */
export class PostgresUnit implements Unit<PostgresStanding> {
  readonly graph: PostgresGraph;
  readonly tx: Transaction;
  readonly begun: PostgresStanding;
  eventsPosition: number;
  private readonly mark: string;

  constructor(graph: PostgresGraph, tx: Transaction, begun: PostgresStanding, mark: string) {
    this.graph = graph;
    this.tx = tx;
    this.begun = begun;
    this.mark = mark;
    this.eventsPosition = Math.max(begun.eventsPosition, 0);
  }

  /** Its turn alone makes a new version. */
  end(): PostgresStanding {
    const { begun, eventsPosition } = this;
    if (eventsPosition > begun.eventsPosition) {
      this.tx.atCommit(
        {
          name: "identity-cursor-move",
          text: `insert into streams.cursors (consumer, stream, position)
                 values ('identity', 'events', $1)
                 on conflict (consumer, stream) do update set position = excluded.position`,
        },
        [eventsPosition],
      );
    }
    const revision = begun.revision + 1;
    return { ...begun, revision, version: versionOf(revision, this.mark), eventsPosition };
  }
}
