import { newId } from "../../../kernel/ids/new-id.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { PolicyIndex } from "../domain/identity-policy.ts";
import type { DropReason } from "../domain/normalise-identifier.ts";
import type { Observation } from "../domain/observation.ts";
import type { Party } from "../domain/party.ts";
import type { PersonState } from "../domain/person-state.ts";
import type { PlannedChange } from "../domain/replan.ts";
import { reviewByRules } from "../domain/review-of-plan.ts";
import type { WorkingGraph } from "../domain/working-graph.ts";
import { type GraphChanges, type GraphRequest, noChanges } from "../store/graph-rows.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import { groupsOf } from "./account-book.ts";
import { byRule, type ChangeContext, entriesOfSteps } from "./audit-writer.ts";
import { ProfileNotes } from "./profile-notes.ts";
import { Surroundings } from "./recompute-around.ts";

/**
 * Edges of a component that a batch may recompute while others wait. Beyond it the present persons
 * stay, and new identifiers are persons of their own, until the repair in the background has looked
 * at it.
 */
export const foregroundEdgesMax = 4_000;
/** Loads that may turn out too large in one batch. */
const tooLargeMax = 12;

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
    edgesMax = foregroundEdgesMax,
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
    const changes = await changesOf(this.graph, this.working, this.index);
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
    const first = working.staleSeeds.values().next().value!;
    const contextOf = ({ moves }: PlannedChange): ChangeContext => {
      const seed = moves.find((move) => working.staleSeeds.has(`${move.namespace}:${move.value}`));
      const occasion = seed && working.staleSeeds.get(`${seed.namespace}:${seed.value}`);
      const { at, cause } = occasion ?? first;
      return byRule(at, cause);
    };
    const around = new Surroundings(graph, index, {
      edgesMax: Math.min(this.edgesMax, index.policy.componentEdgesMax),
      failuresMax: tooLargeMax,
      contextOf,
      notes,
      review: { ...reviewByRules, fresh: working.review.fresh },
    });
    await around.recompute(seeds);
    this.meter.recomputed(around.oversize.length === 0);
    if (around.oversize.length > 0) await this.defer(around);
    return around.audit;
  }

  /** Whoever has a part in too large a component waits for the repair; who is new is somebody. */
  private async defer(around: Surroundings): Promise<void> {
    const { graph, working } = this;
    const rest = { evidence: [], sheets: [], groupIds: [] };
    const { persons } = await graph.load({ identifierKeys: around.oversize, ...rest });
    const waiting = persons.map((person) => ({ ...person, policyVersion: 0 }));
    if (waiting.length > 0) await graph.save({ ...noChanges, persons: waiting });
    const fresh = working.unplaced();
    const keys = fresh.identifiers.map(({ key }) => key);
    const { identifiers } = await graph.load({ identifierKeys: keys, ...rest });
    const homeless = identifiers.filter(({ personId }) => personId === null);
    const isHomeless = new Set(homeless.map(({ key }) => key));
    if (homeless.length === 0) return;
    await around.alone({
      ...fresh,
      identifiers: homeless,
      evidence: fresh.evidence.filter(
        ({ low, high }) => isHomeless.has(low) && isHomeless.has(high),
      ),
      sheets: fresh.sheets.filter(({ key }) => isHomeless.has(key)),
    });
  }
}

/** Who has grown too large waits for the repair in the background. */
function stateOf(party: Party, { policy }: PolicyIndex): PersonState {
  const state = party.state(party.id!);
  return state.size > policy.componentEdgesMax ? { ...state, policyVersion: 0 } : state;
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
  index: PolicyIndex,
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
    persons: parties.filter(({ isChanged }) => isChanged).map((party) => stateOf(party, index)),
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
