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
import { OpenTransaction, rowTypes, toQuery } from "./open-transaction.ts";

/** The engine found two transactions waiting for each other, and ended one. */
const deadlockDetected = "40P01";
/** The engine takes a second to find each. */
const repeatsMax = 4;

/** PostgreSQL over a pool of sessions. */
export class PooledDatabase implements Database {
  readonly engine = "postgres";
  readonly wakeUps: WakeUps;
  private readonly pool: pg.Pool;
  private readonly onClose: () => Promise<void>;
  private readonly inTransaction = new AsyncLocalStorage<true>();

  constructor(options: pg.PoolConfig, wakeUps: WakeUps, onClose: () => Promise<void>) {
    this.wakeUps = wakeUps;
    this.onClose = onClose;
    // Statements that do not wait for each other's answers go out at once.
    this.pool = new pg.Pool({ ...options, types: rowTypes, pipeline: true } as pg.PoolConfig);
    this.pool.on("connect", (client) => {
      // A session that breaks while a transaction has it fails its statements; told to nobody else, the
      // event would end the process.
      client.on("error", () => undefined);
      // Statements over arrays look dear to the planner: compiling them costs 8 ms, running them one.
      client.query("set jit = off").catch(() => undefined);
    });
    // A broken idle connection is replaced at its next use; the error belongs to nobody.
    this.pool.on("error", () => undefined);
  }

  async query<R extends Row = Row>(
    statement: Statement | string,
    values?: unknown[],
  ): Promise<R[]> {
    return (await this.pool.query<R>(toQuery(statement, values))).rows;
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    { isRepeatable = false }: TransactionOptions = {},
  ): Promise<T> {
    for (let left = isRepeatable ? repeatsMax : 0; ; left -= 1) {
      try {
        return await this.transactOnce(work);
      } catch (error) {
        if (left <= 0 || (error as { code?: unknown }).code !== deadlockDetected) throw error;
      }
    }
  }

  private async transactOnce<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    invariant(!this.inTransaction.getStore(), "transactions do not nest");
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
      broken = await transaction.rollback();
      throw transaction.failure ?? error;
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.onClose();
  }
}
