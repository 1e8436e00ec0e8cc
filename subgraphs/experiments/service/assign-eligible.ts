import type { Transaction } from "../../../kernel/database/database.ts";
import { anchorOf, type Assignment, type Exposure, variationOf } from "../domain/assignment.ts";
import type { Experiment } from "../domain/experiment.ts";
import type { ExperimentsContext } from "./experiments-context.ts";

/** Somebody who may take part in an experiment that runs. */
export interface Eligible {
  experiment: Experiment;
  personId: string;
}

/**
 * Gives each of them an assignment who has none yet on any of the person's identifiers. Who saw a
 * variation already keeps it; all others get theirs by hash. Somebody without identifiers, as far
 * as is
 * known, waits for them.
 */
export async function assignEligible(
  { clock, persons, store }: ExperimentsContext,
  transaction: Transaction,
  eligible: readonly Eligible[],
): Promise<void> {
  if (eligible.length === 0) return;
  const personIds = [...new Set(eligible.map((one) => one.personId))];
  const keys = await persons.identifiersOf(transaction, personIds);
  const subjects = [...keys.values()].flat();
  const given = byPlace(await store.assignmentsOf(transaction, subjects));
  const seen = byPlace(await store.exposuresOf(transaction, subjects));
  const assignedAt = clock.now().getTime();
  const fresh = new Map<string, Assignment>();
  for (const { experiment, personId } of eligible) {
    const own = keys.get(personId) ?? [];
    const places = own.map((key) => placeOf(experiment.name, key));
    const subjectKey = anchorOf(own);
    if (subjectKey === undefined || places.some((place) => given.has(place))) continue;
    const exposures = places.flatMap((place) => seen.get(place) ?? []);
    const variation = firstSeen(exposures) ?? variationOf(experiment, subjectKey);
    const assignment = {
      ...{ experiment: experiment.name, subjectKey, personId },
      ...{ variation, assignedAt },
    };
    fresh.set(placeOf(experiment.name, subjectKey), assignment);
  }
  store.addAssignments(transaction, [...fresh.values()]);
}

function placeOf(experiment: string, subjectKey: string): string {
  return JSON.stringify([experiment, subjectKey]);
}

function byPlace<T extends { experiment: string; subjectKey: string }>(
  list: readonly T[],
): Map<string, T[]> {
  return Map.groupBy(list, (one) => placeOf(one.experiment, one.subjectKey));
}

function firstSeen(exposures: readonly Exposure[]): string | undefined {
  return exposures.reduce<Exposure | undefined>(
    (first, one) => (first === undefined || one.firstAt < first.firstAt ? one : first),
    undefined,
  )?.variation;
}
