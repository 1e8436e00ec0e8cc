import type { AuditEntry } from "../domain/audit-entry.ts";
import type { PolicyIndex } from "../domain/identity-policy.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { Component, PlannedChange, Replan, ReplanOptions } from "../domain/replan.ts";
import { replan } from "../domain/replan.ts";
import { reread, type Reread } from "../domain/reread.ts";
import { reviewByRules, type ReviewOccasion, reviewOfPlan } from "../domain/review-of-plan.ts";
import { noChanges } from "../store/graph-rows.ts";
import type { DecidingGraph } from "../store/deciding-graph.ts";
import { auditEntry, type ChangeContext } from "./audit-writer.ts";
import type { ProfileNotes } from "./profile-notes.ts";

export interface RecomputeOptions extends ReplanOptions {
  /** Why a planned change came about. */
  contextOf: (change: PlannedChange) => ChangeContext;
  newChangeId: () => string;
  /** What the review queue has to know of its cause; left out: the rules did it. */
  review?: ReviewOccasion;
  /** New identifiers alone, without what is around them: they are taken as they are. */
  isPart?: boolean;
}

/**
 * Partitions loaded components anew, saves the difference and notes whom it touches; gives the
 * audit entries, which are saved too. `mergeChanges` makes one change of several (a human's merge
 * is one entry).
 */
export async function recompute(
  graph: DecidingGraph,
  component: Component,
  index: PolicyIndex,
  notes: ProfileNotes,
  options: RecomputeOptions,
  mergeChanges: (changes: readonly PlannedChange[]) => readonly PlannedChange[] = (all) => all,
): Promise<AuditEntry[]> {
  const read = options.isPart ? asTheyAre(component) : reread(component, index);
  const plan = replan({ ...component, ...read }, index, options);
  const entries = mergeChanges(plan.changes).map((change) =>
    auditEntry(options.newChangeId(), change, options.contextOf(change)),
  );
  await graph.save({
    ...noChanges,
    identifiers: withChanged(plan.identifiers, read),
    evidence: read.changed.evidence,
    persons: plan.persons,
    redirects: plan.redirects,
    audit: entries,
  });
  const whole = { ...component, ...read };
  await graph.noteForReview(reviewOfPlan(whole, plan, index, options.review ?? reviewByRules));
  noteProfiles(plan, notes, options);
  return entries;
}

function asTheyAre({ identifiers, evidence }: Component): Reread {
  return { identifiers, evidence, changed: { identifiers: [], evidence: [] } };
}

/** Those that have moved, and those that the policy reads otherwise where they are. */
function withChanged(moved: readonly KnownIdentifier[], { changed }: Reread): KnownIdentifier[] {
  const keys = new Set(moved.map(({ key }) => key));
  return [...moved, ...changed.identifiers.filter(({ key }) => !keys.has(key))];
}

function noteProfiles(plan: Replan, notes: ProfileNotes, { contextOf }: RecomputeOptions): void {
  for (const { from, to } of plan.redirects) notes.merge(from, to);
  const records = new Map(plan.persons.map(({ id, record }) => [id, record]));
  const causes = new Map(
    plan.changes.flatMap((change) => change.personIds.map((id) => [id, change] as const)),
  );
  for (const { personId, kinds, traits } of plan.profiles) {
    const change = causes.get(personId) ?? plan.changes[0];
    if (!change) continue;
    const { at, cause } = contextOf(change);
    notes.note(personId, records.get(personId)!, { kinds, traits, at, cause });
  }
  for (const { id, record } of plan.persons) notes.refresh(id, record);
}
