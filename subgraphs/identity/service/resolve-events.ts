import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { ResolvedEvents } from "../../../kernel/announcements/identity-announcements.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { NewStreamEntry, StreamEntry } from "../../../kernel/streams/stream.ts";
import { observe, type Observation } from "../domain/observation.ts";
import { WorkingGraph } from "../domain/working-graph.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import { AccountBook } from "./account-book.ts";
import { announcementsOf } from "./audit-writer.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import {
  foregroundEdgesMax,
  requestOf,
  type ResolutionMeter,
  ResolutionUnit,
} from "./resolution-unit.ts";
import type { RecordsOfEvents } from "./records-of-events.ts";
import { siftErased } from "./sift-erased.ts";
import type { Tombstones } from "./tombstones.ts";

/** Who the accepted events are about: the verb of this subgraph. */
export class EventResolver {
  private readonly policy: PolicyInForce;
  private readonly meter: ResolutionMeter;
  private readonly edgesMax: number;
  private readonly tombstones: Tombstones | null;
  private readonly records: RecordsOfEvents | null;

  constructor(
    policy: PolicyInForce,
    meter: ResolutionMeter,
    edgesMax = foregroundEdgesMax,
    tombstones: Tombstones | null = null,
    records: RecordsOfEvents | null = null,
  ) {
    this.records = records;
    this.edgesMax = edgesMax;
    this.tombstones = tombstones;
    this.policy = policy;
    this.meter = meter;
  }

  /** Resolves a run of events in one unit of work and announces what came of it. */
  async resolve(graph: IdentityGraph, entries: readonly StreamEntry[]): Promise<void> {
    const index = this.policy.current();
    const reader = this.policy.identifiers;
    const read = entries.map(({ payload, position }) =>
      observe(payload as AcceptedEvent, position, reader, index),
    );
    const observations = this.tombstones ? await siftErased(graph, this.tombstones, read) : read;
    for (const { dropped } of observations) {
      for (const { namespace, reason } of dropped) this.meter.dropped(namespace, reason);
    }
    await this.records?.take(graph, entries, reader);
    const known = await graph.load(requestOf(observations));
    const working = new WorkingGraph(known, index, () => newId("person"));
    const accounts = new AccountBook(known, () => newId("account"));
    for (const observation of observations) {
      working.observe(observation);
      const { subject, at, cause } = observation;
      if (accounts.take(observation))
        working.partyOf(subject!.key)?.note.add(["ACCOUNTS"], [], at, cause);
    }
    const unit = new ResolutionUnit(graph, working, index, this.meter, this.edgesMax);
    const { audit, notes } = await unit.finish(accounts.changes());
    const places = await this.placesOf(graph, working, observations);
    const resolved = resolvedEntry(observations, places);
    await graph.announce([...announcementsOf(audit, notes), resolved]);
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
