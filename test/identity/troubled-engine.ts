import { Neo4jError } from "neo4j-driver";
import type { Database } from "../../kernel/database/database.ts";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { GraphDatabase } from "../../kernel/graph/graph-database.ts";

export type Trouble = "none" | "again" | "lost" | "late" | "others";

/** How many units of work overlapped, and how many there were. */
export interface Seen {
  together: number;
  most: number;
  count: number;
  /** Nothing is counted before, and nobody is troubled. */
  isOpen: boolean;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Trouble in every other transaction once its work is done; `once more`: what makes the engine repeat it. */
class Troubles {
  readonly seen: Seen = { together: 0, most: 0, count: 0, isOpen: false };
  private readonly trouble: Trouble;
  private readonly onceMore: Error;

  constructor(trouble: Trouble, onceMore: Error) {
    this.trouble = trouble;
    this.onceMore = onceMore;
  }

  async transact<Tx, T>(
    run: (work: (tx: Tx) => Promise<T>) => Promise<T>,
    work: (tx: Tx) => Promise<T>,
  ): Promise<T> {
    const { seen } = this;
    let isDue = seen.isOpen && (seen.count += 1) % 2 === 0 && seen.count < 12;
    seen.most = Math.max(seen.most, (seen.together += 1));
    try {
      let tries = 0;
      return await run(async (tx) => {
        // An engine that wants it once more lets some time pass.
        if ((tries += 1) > 1) await pause(100);
        const result = await work(tx);
        const isNow = isDue;
        isDue = false;
        await this.afterwards(isNow);
        return result;
      });
    } finally {
      seen.together -= 1;
    }
  }

  private async afterwards(isNow: boolean): Promise<void> {
    if (isNow && this.trouble === "again") throw this.onceMore;
    if (this.trouble === "late") await pause(200);
    if (isNow && this.trouble === "lost") throw new DomainError("UNAVAILABLE", "gone");
  }
}

export function troubledGraph(graph: GraphDatabase, trouble: Trouble) {
  const onceMore = new Neo4jError("once more", "Neo.TransientError.Test", "", "", {} as never);
  const troubles = new Troubles(trouble, onceMore);
  const { host } = graph;
  const wrapped: GraphDatabase = {
    host,
    write: (work) => troubles.transact((inside) => graph.write(inside), work),
    read: (work) => graph.read(work),
    define: (cypher) => graph.define(cypher),
    check: () => graph.check(),
    close: () => graph.close(),
  };
  return { wrapped, seen: troubles.seen };
}

export function troubledDatabase(database: Database, trouble: Trouble) {
  const onceMore = Object.assign(new Error("once more"), { code: "40P01" });
  const troubles = new Troubles(trouble, onceMore);
  const { engine, wakeUps } = database;
  const wrapped: Database = {
    engine,
    wakeUps,
    transaction: (work, options) =>
      troubles.transact((inside) => database.transaction(inside, options), work),
    query: (statement, values) => database.query(statement, values),
    close: () => database.close(),
  };
  return { wrapped, seen: troubles.seen };
}
