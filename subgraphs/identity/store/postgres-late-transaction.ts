import type { Row, Statement, Transaction } from "../../../kernel/database/database.ts";
import type { LateTurn } from "./late-turn.ts";

/** Writes when its turn has come, and asks only then. */
export class LateTransaction implements Transaction {
  private readonly tx: Transaction;
  private readonly turn: LateTurn;

  constructor(tx: Transaction, turn: LateTurn) {
    this.tx = tx;
    this.turn = turn;
  }

  async query<R extends Row = Row>(
    statement: Statement | string,
    values?: unknown[],
  ): Promise<R[]> {
    await this.turn.come();
    return this.tx.query<R>(statement, values);
  }

  write(statement: Statement | string, values?: unknown[]): void {
    this.turn.inTurn(() => this.tx.write(statement, values));
  }

  atCommit<R extends Row = Row>(
    statement: Statement,
    values: unknown[],
    then?: (rows: R[]) => void,
  ): void {
    this.tx.atCommit(statement, values, then);
  }

  afterCommit(action: () => void): void {
    this.tx.afterCommit(action);
  }
}
