import type { Database, Transaction } from "../../kernel/database/database.ts";
import type { GraphDatabase, GraphTransaction } from "../../kernel/graph/graph-database.ts";

/**
 * The life of a process, counted in calls to its engines: at the given one it dies, and nothing
 * that it tries afterwards reaches an engine.
 */
export class Life {
  /** What it had just done or was about to do when it died. */
  last = "";
  private calls = 0;
  private hasBegun = false;
  private isDead = false;
  private readonly diesAt: number;

  constructor(diesAt: number) {
    this.diesAt = diesAt;
  }

  get hasEnded(): boolean {
    return this.isDead;
  }

  /** What comes before does not count. */
  begin(): void {
    this.hasBegun = true;
  }

  step(what: string): void {
    if (!this.hasBegun) return;
    if (!this.isDead) {
      this.calls += 1;
      this.last = what;
      this.isDead = this.calls === this.diesAt;
    }
    if (this.isDead) throw new Error("this process was killed");
  }
}

/** Dies before and after every statement and commit; an open transaction dies with the process. */
export function mortalGraph(graph: GraphDatabase, life: Life): GraphDatabase {
  const mortal = (tx: GraphTransaction): GraphTransaction => ({
    run: async (cypher, parameters) => {
      life.step(`graph: before ${cypher.trim().slice(0, 60)}`);
      const rows = await tx.run(cypher, parameters);
      return rows as never;
    },
    write: (cypher, parameters) => {
      life.step(`graph: before ${cypher.trim().slice(0, 60)}`);
      tx.write(cypher, parameters);
    },
  });
  const within =
    (transaction: GraphDatabase["write"]) =>
    async <T>(work: (tx: GraphTransaction) => Promise<T>): Promise<T> => {
      const result = await transaction(async (tx) => {
        const done = await work(mortal(tx));
        life.step("graph: before commit");
        return done;
      });
      life.step("graph: after commit");
      return result;
    };
  return {
    host: graph.host,
    read: within((work) => graph.read(work)),
    write: within((work) => graph.write(work)),
    define: (cypher) => graph.define(cypher),
    check: () => graph.check(),
    close: () => graph.close(),
  };
}

export function mortalDatabase(database: Database, life: Life): Database {
  return {
    engine: database.engine,
    wakeUps: database.wakeUps,
    close: () => database.close(),
    query: async (statement, values) => {
      life.step("database: before a query");
      return database.query(statement, values);
    },
    transaction: async (work) => {
      const result = await database.transaction(async (tx) => {
        const mortal: Transaction = {
          atCommit: (statement, values, then) => tx.atCommit(statement, values, then),
          afterCommit: (action) => tx.afterCommit(action),
          write: (statement, values) => {
            life.step("database: before a statement");
            tx.write(statement, values);
          },
          query: async (statement, values) => {
            life.step("database: before a statement");
            return tx.query(statement, values);
          },
        };
        const done = await work(mortal);
        life.step("database: before commit");
        return done;
      });
      life.step("database: after commit");
      return result;
    },
  };
}
