/** A row as the driver gives it: bigint columns as number, timestamptz as Date, json/jsonb as text. */
export type Row = Record<string, unknown>;

/** One SQL statement; a `name` makes it a prepared statement of the session (hot paths only). */
export interface Statement {
  name?: string;
  text: string;
}

/** What can be asked inside or outside a transaction. */
export interface Session {
  /** Runs one statement with `$1 …` values; gives its rows. Arrays go in as PostgreSQL arrays. */
  query<R extends Row = Row>(statement: Statement | string, values?: unknown[]): Promise<R[]>;
}

/** A session inside a transaction. */
export interface Transaction extends Session {
  /**
   * Sends a statement whose rows nobody needs and goes on while the engine works: it runs in its place among the
   * others. If it fails, the transaction fails with its error, at the latest at the commit.
   */
  write(statement: Statement | string, values?: unknown[]): void;
  /**
   * Runs one more statement when the work is done, in one flight with the commit; if it fails, so does the
   * transaction. `then` gets its rows before the commit counts.
   */
  atCommit<R extends Row = Row>(
    statement: Statement,
    values: unknown[],
    then?: (rows: R[]) => void,
  ): void;
  /** Runs after a successful commit, in order; must not throw. Used to wake stream readers. */
  afterCommit(action: () => void): void;
}

/**
 * PostgreSQL, or PostgreSQL embedded (PGlite): one set of SQL for both (dialect of version 15).
 * Embedded there is a single session: never call the database itself inside `transaction`, always
 * the transaction handed in, or the call waits for itself (an error says so after 30 s).
 */
export interface Database extends Session {
  readonly engine: "pglite" | "postgres";
  transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /** Wake-up hints between processes; in one process they never leave it. Hints, not truth. */
  readonly wakeUps: WakeUps;
  close(): Promise<void>;
}

export interface TransactionOptions {
  /** Nobody waits for it: where there is one session, it comes after what somebody waits for. */
  isBackground?: boolean;
  /** In the background too, but subscribers follow what comes of it: before the others there. */
  isFollowed?: boolean;
  /**
   * The work touches nothing but the transaction: it is done again when the engine ended it so that
   * others could go on (a deadlock).
   */
  isRepeatable?: boolean;
}

export interface WakeUps {
  /** Tells every reader of the topic, here and in other processes, that there may be something new. */
  wake(topic: string): void;
  /** Calls back on each wake-up of the topic; gives the function that ends it. */
  onWake(topic: string, listener: () => void): () => void;
}

/** Forward-only schema changes of one owner; `sql` may hold several statements. */
export interface Migration {
  /** `0001-first`, ascending within its owner. */
  name: string;
  sql: string;
}
