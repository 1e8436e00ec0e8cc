import type { GraphDatabase, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { PolicyStanding } from "./policy-follower.ts";

/** Units of work by hand that are remembered, so that none is done twice. */
const recentUnitsMax = 100;

/** What the writer's node counts; each number is the last one given out. */
export interface WriterCounts {
  /** Position in stream `events` up to which everything is in the graph. */
  eventsPosition: number;
  announced: number;
  audited: number;
  /** Of the newest tombstone; missing: nobody was erased. */
  erasedAt?: string;
}

interface WriterNode extends WriterCounts, Record<string, unknown> {
  graphId: string;
  recentUnits: string[];
  policyVersion?: number;
  policyActivation?: number;
}

/**
 * The right to write. It is held from the first statement of a transaction to its commit by a lock
 * on the one GraphWriter node, whatever process asks; so positions are in order of commits.
 */
export class Turn {
  readonly counts: WriterCounts;
  readonly recentUnits: readonly string[];
  readonly policy: PolicyStanding;
  private readonly tx: GraphTransaction;

  private constructor(tx: GraphTransaction, { recentUnits, ...counts }: WriterNode) {
    this.tx = tx;
    this.counts = counts;
    this.policy = standingOf(counts);
    this.recentUnits = recentUnits;
  }

  /** Waits until it is this transaction's turn. */
  static async take(tx: GraphTransaction): Promise<Turn> {
    // Two statements: the second one reads what the writer before has committed.
    tx.write("MATCH (writer:GraphWriter {name: 'identity'}) SET writer.isWriting = true");
    const [row] = await tx.run<{ writer: WriterNode }>(
      "MATCH (writer:GraphWriter {name: 'identity'}) RETURN writer {.*} AS writer",
    );
    if (!row) {
      throw new DomainError(
        "UNAVAILABLE",
        "The graph was emptied while it was in use; a restart builds it again from the events.",
        { retryable: true },
      );
    }
    return new Turn(tx, row.writer);
  }

  /** Notes what was given out; the last statement before the commit. */
  end(unitId: string | null): void {
    const { eventsPosition, announced, audited } = this.counts;
    const units = unitId === null ? [] : [unitId];
    this.tx.write(
      `MATCH (writer:GraphWriter {name: 'identity'})
       SET writer.eventsPosition = toInteger($eventsPosition),
           writer.announced = toInteger($announced), writer.audited = toInteger($audited),
           writer.recentUnits = $recentUnits`,
      {
        eventsPosition,
        announced,
        audited,
        recentUnits: [...this.recentUnits, ...units].slice(-recentUnitsMax),
      },
    );
  }
}

/** The graph's own id and where it stands; makes the writer's node in an empty graph. */
export async function prepareWriter(
  graph: GraphDatabase,
): Promise<WriterCounts & { graphId: string }> {
  const [row] = await graph.write((tx) =>
    tx.run<{ writer: WriterNode }>(
      `MERGE (writer:GraphWriter {name: 'identity'})
         ON CREATE SET writer.graphId = $graphId, writer.eventsPosition = 0,
           writer.announced = 0, writer.audited = 0, writer.recentUnits = []
       RETURN writer {.*} AS writer`,
      { graphId: newId("graph") },
    ),
  );
  return row!.writer;
}

/** Which policy is in force in the graph. */
export async function readStanding(graph: GraphDatabase): Promise<PolicyStanding> {
  const [row] = await graph.read((tx) =>
    tx.run<{ writer: WriterNode }>(
      "MATCH (writer:GraphWriter {name: 'identity'}) RETURN writer {.*} AS writer",
    ),
  );
  return standingOf(row?.writer ?? {});
}

function standingOf({ policyVersion = 1, policyActivation = 0 }: Partial<WriterNode>) {
  return { version: policyVersion, activation: policyActivation };
}
