import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { ResolvedEvents } from "../../../kernel/announcements/identity-announcements.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { NewStreamEntry, StreamEntry } from "../../../kernel/streams/stream.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { PolicyIndex } from "../domain/identity-policy.ts";
import type { DropReason } from "../domain/normalise-identifier.ts";
import { observe, type Observation } from "../domain/observation.ts";
import type { PlannedChange } from "../domain/replan.ts";
import { WorkingGraph } from "../domain/working-graph.ts";
import type { GraphChanges, GraphRequest } from "../store/graph-rows.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import { AccountBook } from "./account-book.ts";
import { announcementsOf, byRule, type ChangeContext, entriesOfSteps } from "./audit-writer.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
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

/** Who the accepted events are about: the verb of this subgraph. */
export class EventResolver {
  private readonly policy: PolicyInForce;
  private readonly meter: ResolutionMeter;
  private readonly edgesMax: number;

  constructor(policy: PolicyInForce, meter: ResolutionMeter, edgesMax = componentEdgesMax) {
    this.edgesMax = edgesMax;
    this.policy = policy;
    this.meter = meter;
  }

  /** Resolves a run of events in one unit of work and announces what came of it. */
  async resolve(graph: IdentityGraph, entries: readonly StreamEntry[]): Promise<void> {
    const index = this.policy.current();
    const reader = this.policy.identifiers;
    const observations = entries.map(({ payload, position }) =>
      observe(payload as AcceptedEvent, position, reader, index),
    );
    for (const { dropped } of observations) {
      for (const { namespace, reason } of dropped) this.meter.dropped(namespace, reason);
    }
    const known = await graph.load(requestOf(observations));
    const working = new WorkingGraph(known, index, () => newId("person"));
    const accounts = new AccountBook(known.accounts, () => newId("account"));
    for (const observation of observations) {
      working.observe(observation);
      const { subject, at, cause } = observation;
      if (accounts.take(observation))
        working.partyOf(subject!.key)?.note.add(["ACCOUNTS"], [], at, cause);
    }
    const notes = new ProfileNotes();
    const audit = await this.save(graph, working, accounts, notes);
    audit.push(...(await this.recompute(graph, working, notes, index)));
    const places = await this.placesOf(graph, working, observations);
    const resolved = resolvedEntry(observations, places);
    await graph.announce([...announcementsOf(audit, notes), resolved]);
  }

  private async save(
    graph: IdentityGraph,
    working: WorkingGraph,
    accounts: AccountBook,
    notes: ProfileNotes,
  ): Promise<AuditEntry[]> {
    const changes = await changesOf(graph, working);
    await graph.save({ ...changes, ...accounts.changes() });
    for (const party of working.parties()) notes.add(party.id!, party.note, party.record);
    return [...changes.audit];
  }

  /** Where summaries could not tell, the whole components do. */
  private async recompute(
    graph: IdentityGraph,
    working: WorkingGraph,
    notes: ProfileNotes,
    index: PolicyIndex,
  ) {
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
      preferredId: null,
      leaving: new Set(),
      formerIds: new Map(),
      contextOf,
      newPersonId: () => newId("person"),
      newChangeId: () => newId("change"),
    });
  }

  /** Persons of the subjects, after everything. */
  private async placesOf(
    graph: IdentityGraph,
    working: WorkingGraph,
    observations: readonly Observation[],
  ): Promise<(key: string) => string | null> {
    if (working.staleSeeds.size === 0) return (key) => working.partyOf(key)?.id ?? null;
    const keys = new Set(observations.flatMap(({ subject }) => (subject ? [subject.key] : [])));
    const { identifiers } = await graph.load({
      identifierKeys: [...keys],
      evidence: [],
      sheets: [],
      groupIds: [],
    });
    const places = new Map(identifiers.map(({ key, personId }) => [key, personId]));
    return (key) => places.get(key) ?? null;
  }
}

function requestOf(observations: readonly Observation[]): GraphRequest {
  const keys = new Set<string>();
  const evidence = new Map<string, { low: string; high: string; rule: string }>();
  const sheets = new Map<string, { key: string; source: string }>();
  const groupIds = new Set<string>();
  for (const { identifiers, ties, subject, source, traits, group } of observations) {
    for (const { key } of identifiers) keys.add(key);
    for (const tie of ties) evidence.set(`${tie.low}\u0001${tie.high}\u0001${tie.rule}`, tie);
    if (subject && Object.keys(traits).length > 0) {
      sheets.set(`${subject.key}\u0001${source}`, { key: subject.key, source });
    }
    if (group) groupIds.add(group.groupId);
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

function resolvedEntry(
  observations: readonly Observation[],
  placeOf: (key: string) => string | null,
): NewStreamEntry {
  const payload: ResolvedEvents = {
    from: observations[0]!.position,
    to: observations.at(-1)!.position,
    subjects: observations.map(({ position, subject }) => ({
      position,
      subjectKey: subject?.key ?? null,
      personId: subject ? placeOf(subject.key) : null,
    })),
  };
  return { key: `${payload.from}`, kind: "RESOLVED", payload };
}
