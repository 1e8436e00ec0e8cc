import type { GraphDatabase, GraphTransaction } from "../../../kernel/graph/graph-database.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { PolicyStanding } from "./policy-follower.ts";
import type { Standing } from "./units.ts";

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
  /** Names the state that the last unit of work has left. */
  version?: string;
}

/** What the writer's node says between two units of work. */
export interface Neo4jStanding extends Standing {
  readonly counts: Readonly<WriterCounts>;
  readonly recentUnits: readonly string[];
}

/**
 * The right to write. It is held from the first statement of a transaction to its commit by a lock
 * on the one GraphWriter node, whatever process asks; so positions are in order of commits.
 */
export class Turn {
  readonly counts: WriterCounts;
  /** How the graph is before anything is written. */
  readonly begun: Neo4jStanding;
  private readonly tx: GraphTransaction;
  private readonly mark: string;

  constructor(tx: GraphTransaction, begun: Neo4jStanding, mark: string) {
    this.tx = tx;
    this.begun = begun;
    this.mark = mark;
    this.counts = { ...begun.counts };
  }

  /** Notes what was given out; the last statement before the commit. Gives how the graph stands then. */
  end(unitId: string | null): Neo4jStanding {
    const { policy, recentUnits: before } = this.begun;
    const counts = { ...this.counts };
    const units = unitId === null ? [] : [unitId];
    const recentUnits = [...before, ...units].slice(-recentUnitsMax);
    const version = this.mark;
    this.tx.write(
      `MATCH (writer:GraphWriter {name: 'identity'})
       SET writer.eventsPosition = toInteger($eventsPosition),
           writer.announced = toInteger($announced), writer.audited = toInteger($audited),
           writer.recentUnits = $recentUnits, writer.version = $version`,
      { ...counts, recentUnits, version },
    );
    return { counts, recentUnits, policy, version: versionOf(version, counts) };
  }
}

/** Locks the writer's node until the commit; gives what the writer before has left. */
export async function awaitTurn(tx: GraphTransaction): Promise<Neo4jStanding> {
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
  const { recentUnits, version, ...counts } = row.writer;
  return { counts, recentUnits, policy: standingOf(counts), version: versionOf(version, counts) };
}

/** The counts tell of an earlier version of this program, which writes without naming what it leaves. */
function versionOf(name = "", { eventsPosition, announced, audited }: WriterCounts): string {
  return `${name} ${eventsPosition} ${announced} ${audited}`;
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
