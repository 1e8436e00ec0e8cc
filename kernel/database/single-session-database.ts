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
import { Turns, type Urgency } from "./turns.ts";

/**
 * The embedded engine's one session, shared by all who ask. Whoever has a turn is alone until his last statement is
 * on its way; the next one's first statements then wait at the engine, not here, so that it has no pause between.
 */
export class SingleSessionDatabase implements Database {
  readonly engine = "pglite";
  readonly wakeUps: WakeUps;
  private readonly client: pg.Client;
  private readonly onClose: () => Promise<void>;
  private readonly turns = new Turns();
  private readonly inTransaction = new AsyncLocalStorage<true>();
  /** Why it does not answer any more. */
  private lost: Error | null = null;

  private constructor(client: pg.Client, wakeUps: WakeUps, onClose: () => Promise<void>) {
    this.client = client;
    this.wakeUps = wakeUps;
    this.onClose = onClose;
    client.on("error", (reason) => {
      this.lost ??= reason;
    });
  }

  /** `stream` stands for the socket. */
  static async open(
    stream: pg.ClientConfig["stream"],
    wakeUps: WakeUps,
    onClose: () => Promise<void>,
  ): Promise<SingleSessionDatabase> {
    // Statements that do not wait for each other's answers go out at once.
    const client = new pg.Client({ stream, types: rowTypes, pipeline: true } as pg.ClientConfig);
    await client.connect();
    return new SingleSessionDatabase(client, wakeUps, onClose);
  }

  async query<R extends Row = Row>(
    statement: Statement | string,
    values?: unknown[],
  ): Promise<R[]> {
    invariant(
      !this.inTransaction.getStore(),
      "inside a transaction, ask the transaction: the embedded database has one session",
    );
    await this.enter("awaited");
    const sent = this.client.query<R>(toQuery(statement, values));
    this.turns.sent();
    return sent.then(({ rows }) => rows).finally(() => this.turns.leave());
  }

  async transaction<T>(
    work: (transaction: Transaction) => Promise<T>,
    { isBackground = false, isFollowed = false }: TransactionOptions = {},
  ): Promise<T> {
    invariant(!this.inTransaction.getStore(), "transactions do not nest");
    await this.enter(isFollowed ? "followed" : isBackground ? "background" : "awaited");
    const transaction = new OpenTransaction(this.client);
    let result: T;
    try {
      result = await this.inTransaction.run(true, () => work(transaction));
    } catch (error) {
      const ended = transaction.rollback();
      this.turns.sent();
      await ended.finally(() => this.turns.leave());
      throw transaction.failure ?? error;
    }
    const committed = transaction.commit();
    this.turns.sent();
    await committed.finally(() => this.turns.leave());
    // Readers woken here must not inherit "in a transaction".
    this.inTransaction.exit(() => transaction.committed());
    return result;
  }

  private enter(urgency: Urgency): Promise<void> {
    return this.lost ? Promise.reject(this.lost) : this.turns.enter(urgency);
  }

  async close(): Promise<void> {
    await this.client.end();
    await this.onClose();
  }
}
