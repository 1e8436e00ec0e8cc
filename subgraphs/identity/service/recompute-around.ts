import { newId } from "../../../kernel/ids/new-id.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { PolicyIndex } from "../domain/identity-policy.ts";
import type { Component, PlannedChange } from "../domain/replan.ts";
import type { ReviewOccasion } from "../domain/review-of-plan.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import { announcementsOf, type ChangeContext } from "./audit-writer.ts";
import { ProfileNotes } from "./profile-notes.ts";
import { recompute } from "./recompute.ts";

/** Edges that are loaded at once for several seeds; a seed alone may bring as many as allowed. */
const edgesAtOnce = 4_000;

export interface AroundOptions {
  edgesMax: number;
  contextOf: (change: PlannedChange) => ChangeContext;
  review?: ReviewOccasion;
  notes?: ProfileNotes;
  /** Loads that may turn out too large; what is left then counts as too large unseen. */
  failuresMax?: number;
  /** Of seeds that are still to be looked at, those that need it after what was done so far. */
  stillDue?: (seeds: readonly string[]) => Promise<string[]>;
}

/** Makes the groups around identifiers anew, component by component, within one unit of work. */
export class Surroundings {
  readonly audit: AuditEntry[] = [];
  readonly notes: ProfileNotes;
  /** Seeds whose component is too large to look at. */
  readonly oversize: string[] = [];
  private readonly graph: IdentityGraph;
  private readonly index: PolicyIndex;
  private readonly options: AroundOptions;
  private failures = 0;

  constructor(graph: IdentityGraph, index: PolicyIndex, options: AroundOptions) {
    this.graph = graph;
    this.index = index;
    this.options = options;
    this.notes = options.notes ?? new ProfileNotes();
  }

  /** Few loads where the components are small; where one is too large the others still come. */
  async recompute(seeds: readonly string[]): Promise<void> {
    if (seeds.length === 0) return;
    const { edgesMax, stillDue, failuresMax = Infinity } = this.options;
    if (this.failures >= failuresMax) return void this.oversize.push(...seeds);
    const bound = seeds.length === 1 ? edgesMax : Math.min(edgesMax, edgesAtOnce);
    const component = await this.graph.loadComponents(seeds, bound);
    if (component) return this.plan(this.withoutGiants(component), false);
    this.failures += 1;
    if (seeds.length === 1) this.oversize.push(seeds[0]!);
    else {
      const middle = Math.ceil(seeds.length / 2);
      await this.recompute(seeds.slice(0, middle));
      const rest = seeds.slice(middle);
      await this.recompute(stillDue ? await stillDue(rest) : rest);
    }
  }

  /** Identifiers for themselves, without what is around them. */
  alone(component: Component): Promise<void> {
    return this.plan(component, true);
  }

  private async plan(component: Component, isPart: boolean): Promise<void> {
    const { contextOf, review } = this.options;
    const entries = await recompute(this.graph, component, this.index, this.notes, {
      isPart,
      preferredId: null,
      leaving: new Set(),
      undone: new Map(),
      contextOf,
      newPersonId: () => newId("person"),
      newChangeId: () => newId("change"),
      ...(review && { review }),
    });
    this.audit.push(...entries);
  }

  /** Who has more identifiers than may be looked at keeps his id: the parts leave him. */
  private withoutGiants(component: Component): Component {
    const { componentEdgesMax } = this.index.policy;
    if (component.persons.every(({ size }) => size <= componentEdgesMax)) return component;
    const owned = Map.groupBy(component.identifiers, ({ personId }) => personId);
    const persons = component.persons.filter(
      ({ id, size }) => size <= componentEdgesMax || owned.get(id)?.length === size,
    );
    return { ...component, persons };
  }

  /** Tells what came of it; the last call of the unit of work. */
  announce(): Promise<void> {
    return this.graph.announce(announcementsOf(this.audit, this.notes));
  }
}
