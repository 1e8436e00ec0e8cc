import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";
import { invariant } from "../errors/invariant.ts";
import type {
  Database,
  Row,
  Statement,
  Transaction,
  TransactionOptions,
  WakeUps,
} from "./database.ts";
import { OpenTransaction, toQuery } from "./open-transaction.ts";
import type { Turns } from "./turns.ts";

// bigint as number (positions and counts stay far below 2^53), json and jsonb as text.
const types = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    if (oid === 20) return Number;
    if (oid === 114 || oid === 3802) return String;
    return pg.types.getTypeParser(oid, format as "text");
  },
} as pg.CustomTypesConfig;

/** The driver side of both engines: a pool of sessions over TCP, or one session to the worker. */
export class PooledDatabase implements Database {
  readonly engine: "pglite" | "postgres";
  readonly wakeUps: WakeUps;
  private readonly pool: pg.Pool;
  private readonly onClose: () => Promise<void>;
  private readonly turns: Turns | null;
  private readonly inTransaction = new AsyncLocalStorage<true>();

  constructor(
    engine: "pglite" | "postgres",
    options: pg.PoolConfig,
    wakeUps: WakeUps,
    onClose: () => Promise<void>,
    turns: Turns | null = null,
  ) {
    this.turns = turns;
    this.engine = engine;
    this.wakeUps = wakeUps;
    this.onClose = onClose;
    // Statements that do not wait for each other's answers go out at once.
    this.pool = new pg.Pool({ ...options, types, pipeline: true } as pg.PoolConfig);
    // A broken idle connection is replaced at its next use; the error belongs to nobody.
    this.pool.on("error", () => undefined);
  }

  async query<R extends Row = Row>(
    statement: Statement | string,
    values?: unknown[],
  ): Promise<R[]> {
    if (this.engine === "pglite") {
      invariant(
        !this.inTransaction.getStore(),
        "inside a transaction, ask the transaction: the embedded database has one session",
      );
    }
    await this.turns?.enter("awaited");
    try {
      return (await this.pool.query<R>(toQuery(statement, values))).rows;
    } finally {
      this.turns?.leave();
    }
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    { isBackground = false, isFollowed = false }: TransactionOptions = {},
  ): Promise<T> {
    invariant(!this.inTransaction.getStore(), "transactions do not nest");
    await this.turns?.enter(isFollowed ? "followed" : isBackground ? "background" : "awaited");
    try {
      return await this.run(work);
    } finally {
      this.turns?.leave();
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.onClose();
  }

  private async run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const transaction = new OpenTransaction(client);
    let broken: Error | undefined;
    try {
      const result = await this.inTransaction.run(true, () => work(transaction));
      await transaction.commit();
      // Readers woken here must not inherit "in a transaction".
      this.inTransaction.exit(() => transaction.committed());
      return result;
    } catch (error) {
      broken = await client.query("rollback").then(
        () => undefined,
        (reason: Error) => reason,
      );
      throw transaction.failure ?? error;
    } finally {
      client.release(broken);
    }
  }
}
