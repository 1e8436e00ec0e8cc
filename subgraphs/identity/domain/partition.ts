import { type Decision, HumanWord } from "./decision.ts";
import { edgeRank, reachOf } from "./edge-rank.ts";
import { type Evidence, evidenceRules } from "./evidence.ts";
import type { Constraint, Group } from "./group.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import { Grouping } from "./grouping.ts";
import type { SeenIdentifier } from "./person-state.ts";

/** Identifiers with all evidence and decisions among them: whole components of the graph. */
export interface EvidenceGraph {
  identifiers: readonly SeenIdentifier[];
  evidence: readonly Evidence[];
  decisions: readonly Decision[];
  /** Keys of generic identifiers: their evidence joins nobody. */
  generic: ReadonlySet<string>;
}

/** A join that a constraint did not allow. */
export interface Refusal {
  evidence: Evidence;
  constraint: Constraint;
  namespace: string | null;
}

export interface Partition {
  groups: readonly Group[];
  refusals: readonly Refusal[];
}

interface Edge {
  evidence: Evidence;
  rank: string;
  reach: 0 | 1 | 2;
}

/**
 * Who is one person: a pure function of evidence, decisions and policy, whatever order they came
 * in. Strongest edges first, each joins two groups unless a constraint forbids it.
 */
export function partition(graph: EvidenceGraph, index: PolicyIndex): Partition {
  const word = new HumanWord(graph.decisions);
  const grouping = new Grouping(graph.identifiers, word, index);
  joinByHumans(grouping, word);
  const edges = joiningEdges(graph, grouping, index);
  for (const { evidence } of edges) {
    if (evidence.rule === evidenceRules.alias) grouping.aliasOf(evidence.low, evidence.high);
  }
  grouping.countValues();
  const refusals: Refusal[] = [];
  for (const edge of edges) {
    const { low, high } = edge.evidence;
    const obstacle = grouping.join(low, high, edge.reach);
    if (obstacle) refusals.push({ evidence: edge.evidence, ...obstacle });
  }
  for (const { evidence, rank } of edges) grouping.touch(evidence.low, evidence.high, rank);
  return { groups: grouping.groups(), refusals };
}

function joinByHumans(grouping: Grouping, word: HumanWord): void {
  for (const [one, other] of word.mustLinks()) {
    if (grouping.has(one) && grouping.has(other)) grouping.joinByHuman(one, other);
  }
}

function joiningEdges(graph: EvidenceGraph, grouping: Grouping, index: PolicyIndex): Edge[] {
  const edges: Edge[] = [];
  for (const evidence of graph.evidence) {
    const { low, high } = evidence;
    if (evidence.confidence < index.policy.highFrom) continue;
    if (graph.generic.has(low) || graph.generic.has(high)) continue;
    if (!grouping.has(low) || !grouping.has(high)) continue;
    const reach = reachOf(grouping.kindOf(low), grouping.kindOf(high));
    edges.push({ evidence, reach, rank: edgeRank(evidence, reach) });
  }
  return edges.sort((a, b) => (a.rank < b.rank ? -1 : 1));
}
