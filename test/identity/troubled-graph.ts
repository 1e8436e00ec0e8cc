import { Neo4jError } from "neo4j-driver";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { GraphDatabase } from "../../kernel/graph/graph-database.ts";

export type Trouble = "none" | "again" | "lost" | "late" | "others";

/** The graph, with trouble in every other transaction once its work is done, and how many overlapped. */
export function troubled(graph: GraphDatabase, trouble: Trouble) {
  const seen = { together: 0, most: 0, count: 0, isOpen: false };
  const write: GraphDatabase["write"] = async (work) => {
    let isDue = seen.isOpen && (seen.count += 1) % 2 === 0 && seen.count < 12;
    seen.most = Math.max(seen.most, (seen.together += 1));
    try {
      return await graph.write(async (tx) => {
        const result = await work(tx);
        const isNow = isDue;
        isDue = false;
        if (isNow && trouble === "again")
          throw new Neo4jError("once more", "Neo.TransientError.Test", "", "", {} as never);
        if (trouble === "late") await new Promise((resolve) => setTimeout(resolve, 200));
        if (isNow && trouble === "lost") throw new DomainError("UNAVAILABLE", "gone");
        return result;
      });
    } finally {
      seen.together -= 1;
    }
  };
  const { host } = graph;
  const wrapped: GraphDatabase = {
    host,
    write,
    read: (work) => graph.read(work),
    define: (cypher) => graph.define(cypher),
    check: () => graph.check(),
    close: () => graph.close(),
  };
  return { wrapped, seen };
}
