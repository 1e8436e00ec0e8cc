import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import {
  identifierKey,
  type IdentityChange,
  type ResolvedEvents,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Exposure } from "../domain/assignment.ts";
import type { Experiment } from "../domain/experiment.ts";
import { exposureIn, variationNamed } from "../domain/read-exposure.ts";
import { assignEligible, type Eligible } from "./assign-eligible.ts";
import type { ExperimentsContext } from "./experiments-context.ts";

const eventsPerRead = 1_000;

/** Follows who has which identifier, and who saw which variation. */
export async function followIdentity(
  context: ExperimentsContext,
  transaction: Transaction,
  entries: readonly StreamEntry[],
): Promise<void> {
  const { persons, store } = context;
  const changes = payloads<IdentityChange>(entries, "CHANGE");
  const runs = payloads<ResolvedEvents>(entries, "RESOLVED");
  if (changes.length === 0 && runs.length === 0) return;
  await store.lockAssigning(transaction);
  persons.apply(transaction, changes);
  const started = await store.started(transaction);
  if (started.length === 0) return;
  for (const run of runs) {
    store.addExposures(transaction, await exposuresIn(context, transaction, run, started));
  }
  await store.eraseSubjects(transaction, erasedIn(changes));
  const owners = new Set(changes.flatMap((change) => change.moves.map((move) => move.to)));
  const touched = [...owners].filter((id) => id !== null);
  await assignEligible(
    context,
    transaction,
    await eligibleOf(context, transaction, touched, started),
  );
}

function payloads<P>(entries: readonly StreamEntry[], kind: string): P[] {
  return entries.filter((entry) => entry.kind === kind).map((entry) => entry.payload as P);
}

function erasedIn(changes: readonly IdentityChange[]): string[] {
  return changes
    .filter((change) => change.kind === "ERASE")
    .flatMap((change) => change.moves.filter((move) => move.to === null).map(identifierKey));
}

/** Which running experiments each of the persons may take part in. */
async function eligibleOf(
  { store }: ExperimentsContext,
  transaction: Transaction,
  personIds: readonly string[],
  started: readonly Experiment[],
): Promise<Eligible[]> {
  const running = started.filter((experiment) => experiment.state === "RUNNING");
  const audiences = [...new Set(running.map((one) => one.audience))].filter((one) => one !== null);
  const memberships = await store.audiencesOf(transaction, personIds, audiences);
  return personIds.flatMap((personId) =>
    running
      .filter(({ audience }) => audience === null || memberships.get(personId)?.has(audience))
      .map((experiment) => ({ experiment, personId })),
  );
}

/** What the events of a run tell of experiments that run, or ran when it happened. */
async function exposuresIn(
  { streams }: ExperimentsContext,
  transaction: Transaction,
  run: ResolvedEvents,
  started: readonly Experiment[],
): Promise<Exposure[]> {
  const byName = new Map(started.map((experiment) => [experiment.name, experiment]));
  const subjects = new Map(run.subjects.map((one) => [one.position, one.subjectKey]));
  const found: Exposure[] = [];
  let after = run.from - 1;
  while (after < run.to) {
    const page = await streams.read(transaction, "events", after, eventsPerRead);
    if (page.length === 0) break;
    after = page.at(-1)!.position;
    for (const entry of page) {
      const subjectKey = subjects.get(entry.position);
      if (!subjectKey) continue;
      const exposure = exposureOf(entry.payload as AcceptedEvent, subjectKey, byName);
      if (exposure) found.push(exposure);
    }
  }
  return found;
}

function exposureOf(
  event: AcceptedEvent,
  subjectKey: string,
  byName: ReadonlyMap<string, Experiment>,
): Exposure | null {
  const named = exposureIn(event);
  const name = named?.experiments.find((candidate) => byName.has(candidate));
  if (!named || name === undefined) return null;
  const experiment = byName.get(name)!;
  const variation = variationNamed(experiment.variations, named.variations);
  const firstAt = Date.parse(event.occurredAt);
  if (variation === null || !ranAt(experiment, firstAt)) return null;
  return { experiment: name, subjectKey, variation, firstAt };
}

/** Whenever the event comes in: what somebody saw before the start, or after the stop, was something else. */
function ranAt({ startedAt, stoppedAt }: Experiment, at: number): boolean {
  return at >= (startedAt ?? Infinity) && at <= (stoppedAt ?? Infinity);
}
