import type { GraphRow, GraphTransaction } from "../../../kernel/graph/graph-database.ts";

/**
 * A transaction that takes its turn as late as it can: what it writes is kept until then, and what it
 * asks waits for it. So its work can go on while the writer before it commits.
 */
export class LateTransaction implements GraphTransaction {
  private readonly tx: GraphTransaction;
  private readonly take: () => Promise<void>;
  private kept: [cypher: string, parameters: GraphRow | undefined][] | null = [];
  private taking: Promise<void> | null = null;

  /** `take` resolves when it is its turn. */
  constructor(tx: GraphTransaction, take: () => Promise<void>) {
    this.tx = tx;
    this.take = take;
  }

  /** Whether its turn has not come yet. */
  get isWaiting(): boolean {
    return this.kept !== null;
  }

  /** Resolves when all that was kept is on its way. */
  turn(): Promise<void> {
    this.taking ??= this.take().then(() => {
      this.hurry();
      this.kept = null;
    });
    return this.taking;
  }

  async run<R extends GraphRow = GraphRow>(cypher: string, parameters?: GraphRow): Promise<R[]> {
    await this.turn();
    return this.tx.run<R>(cypher, parameters);
  }

  /** Sends what was kept so far before its turn: it must not touch what the writer before has. */
  hurry(): void {
    if (!this.kept) return;
    for (const [cypher, parameters] of this.kept) this.tx.write(cypher, parameters);
    this.kept = [];
  }

  write(cypher: string, parameters?: GraphRow): void {
    if (this.kept) this.kept.push([cypher, parameters]);
    else this.tx.write(cypher, parameters);
  }
}
