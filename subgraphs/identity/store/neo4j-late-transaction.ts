import type { GraphRow, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import type { LateTurn } from "./late-turn.ts";

/** Writes when its turn has come, and asks only then. */
export class LateTransaction implements GraphTransaction {
  readonly turn: LateTurn;
  private readonly tx: GraphTransaction;

  constructor(tx: GraphTransaction, turn: LateTurn) {
    this.tx = tx;
    this.turn = turn;
  }

  async run<R extends GraphRow = GraphRow>(cypher: string, parameters?: GraphRow): Promise<R[]> {
    await this.turn.come();
    return this.tx.run<R>(cypher, parameters);
  }

  write(cypher: string, parameters?: GraphRow): void {
    this.turn.inTurn(() => this.tx.write(cypher, parameters));
  }
}
