import { newId } from "../../../kernel/ids/new-id.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { PolicyIndex } from "../domain/identity-policy.ts";
import type { DropReason } from "../domain/normalise-identifier.ts";
import type { Observation } from "../domain/observation.ts";
import type { PlannedChange } from "../domain/replan.ts";
import { reviewByRules } from "../domain/review-of-plan.ts";
import type { WorkingGraph } from "../domain/working-graph.ts";
import type { GraphChanges, GraphRequest } from "../store/graph-rows.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import { groupsOf } from "./account-book.ts";
import { byRule, type ChangeContext, entriesOfSteps } from "./audit-writer.ts";
import { ProfileNotes } from "./profile-notes.ts";
import { recompute } from "./recompute.ts";

/**
 * Edges of the components that one batch may recompute. Beyond it the present persons stay, and new
 * identifiers are persons of their own, until a later recomputation is within the bound again.
 */
export const componentEdgesMax = 50_000;

/** What the operator is told about resolution. */
export interface ResolutionMeter {
  dropped(namespace: string, reason: DropReason): void;
  recomputed(isWithinBound: boolean): void;
}

/** The end of a unit of work that took observations in, whether of events or of records. */
export class ResolutionUnit {
  private readonly graph: IdentityGraph;
  private readonly working: WorkingGraph;
  private readonly index: PolicyIndex;
  private readonly meter: ResolutionMeter;
  private readonly edgesMax: number;

  constructor(
    graph: IdentityGraph,
    working: WorkingGraph,
    index: PolicyIndex,
    meter: ResolutionMeter,
    edgesMax = componentEdgesMax,
  ) {
    this.graph = graph;
    this.working = working;
    this.index = index;
    this.meter = meter;
    this.edgesMax = edgesMax;
  }

  /** Saves what the observations made; gives what is to be announced. */
  async finish(
    accounts: Pick<GraphChanges, "accounts" | "memberships">,
  ): Promise<{ audit: AuditEntry[]; notes: ProfileNotes }> {
    const notes = new ProfileNotes();
    const changes = await changesOf(this.graph, this.working);
    await this.graph.save({ ...changes, ...accounts });
    for (const party of this.working.parties()) notes.add(party.id!, party.note, party.record);
    await this.noteForReview();
    const audit = [...changes.audit, ...(await this.recompute(notes))];
    return { audit, notes };
  }

  private noteForReview(): Promise<void> {
    const { working, index } = this;
    const isGeneric = (key: string) => working.identifiers.get(key).generic;
    const partyOf = (key: string) => working.partyOf(key);
    return this.graph.noteForReview(
      working.review.note(working.merges(), partyOf, isGeneric, index),
    );
  }

  /** Where summaries could not tell, the whole components do. */
  private async recompute(notes: ProfileNotes): Promise<AuditEntry[]> {
    const { graph, working, index } = this;
    const seeds = [...working.staleSeeds.keys()];
    if (seeds.length === 0) return [];
    const whole = await graph.loadComponents(seeds, this.edgesMax);
    this.meter.recomputed(whole !== null);
    const component = whole ?? working.unplaced();
    const first = working.staleSeeds.values().next().value!;
    const contextOf = ({ moves }: PlannedChange): ChangeContext => {
      const seed = moves.find((move) => working.staleSeeds.has(`${move.namespace}:${move.value}`));
      const occasion = seed && working.staleSeeds.get(`${seed.namespace}:${seed.value}`);
      const { at, cause } = occasion ?? first;
      return byRule(at, cause);
    };
    return recompute(graph, component, index, notes, {
      isPart: whole === null,
      preferredId: null,
      leaving: new Set(),
      formerIds: new Map(),
      contextOf,
      newPersonId: () => newId("person"),
      newChangeId: () => newId("change"),
      review: { ...reviewByRules, fresh: working.review.fresh },
    });
  }
}

/** What has to be loaded before the observations are taken in. */
export function requestOf(observations: readonly Observation[]): GraphRequest {
  const keys = new Set<string>();
  const evidence = new Map<string, { low: string; high: string; rule: string }>();
  const sheets = new Map<string, { key: string; source: string }>();
  const groupIds = new Set<string>();
  for (const observation of observations) {
    const { identifiers, ties, subject, source, traits } = observation;
    for (const { key } of identifiers) keys.add(key);
    for (const tie of ties) evidence.set(`${tie.low}\u0001${tie.high}\u0001${tie.rule}`, tie);
    if (subject && Object.keys(traits).length > 0) {
      sheets.set(`${subject.key}\u0001${source}`, { key: subject.key, source });
    }
    for (const { groupId } of groupsOf(observation)) groupIds.add(groupId);
  }
  return {
    identifierKeys: [...keys],
    evidence: [...evidence.values()],
    sheets: [...sheets.values()],
    groupIds: [...groupIds],
  };
}

async function changesOf(
  graph: IdentityGraph,
  working: WorkingGraph,
): Promise<Omit<GraphChanges, "accounts" | "memberships">> {
  const merged = working.steps.flatMap((step) => (step.kind === "MERGE" ? [step.from] : []));
  const members = Map.groupBy(
    merged.length > 0 ? await graph.identifiersOfPersons(merged) : [],
    ({ personId }) => personId!,
  );
  const parties = working.parties();
  return {
    identifiers: [...working.identifiers.changes()].map((identifier) => ({
      ...identifier,
      personId: working.partyOf(identifier.key)?.id ?? null,
    })),
    evidence: [...working.changedEvidence.values()],
    sheets: [...working.facts.changes()],
    persons: parties.filter(({ isChanged }) => isChanged).map((party) => party.state(party.id!)),
    merges: working.merges(),
    redirects: [],
    audit: entriesOfSteps(
      working.steps,
      members,
      (key) => working.identifiers.get(key),
      () => newId("change"),
    ),
  };
}
