/** A row as the driver gives it: numbers as number, missing properties as null. */
export type GraphRow = Record<string, unknown>;

/** A transaction of the graph engine. */
export interface GraphTransaction {
  /**
   * Runs one Cypher statement; gives its rows. Statements of a transaction run in the order of the
   * calls: start several without waiting and they share a round trip.
   */
  run<R extends GraphRow = GraphRow>(cypher: string, parameters?: GraphRow): Promise<R[]>;
  /**
   * Sends a statement whose rows nobody needs and goes on while the engine works: it runs in its
   * place among the others. If it fails, the transaction fails with its error.
   */
  write(cypher: string, parameters?: GraphRow): void;
}

/** The graph engine. Every call has a deadline; the engine's absence is DomainError UNAVAILABLE. */
export interface GraphDatabase {
  /** Host and port, for messages. */
  readonly host: string;
  /**
   * A transaction that only reads: on a cluster, by any member that has what this process wrote.
   */
  read<T>(work: (transaction: GraphTransaction) => Promise<T>): Promise<T>;
  /**
   * A transaction that writes. Conflicts and lost connections are retried for some seconds, so
   * `work` may run more than once, even after a commit whose answer was lost: what must not happen
   * twice has to be checked inside.
   */
  write<T>(work: (transaction: GraphTransaction) => Promise<T>): Promise<T>;
  /** One statement on the schema, in a transaction of its own. */
  define(cypher: string): Promise<void>;
  /** Throws UNAVAILABLE unless the engine answers within seconds. */
  check(): Promise<void>;
  close(): Promise<void>;
}
