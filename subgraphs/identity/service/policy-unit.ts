import type { Evidence } from "../domain/evidence.ts";
import { loneGroup } from "../domain/group.ts";
import type { PolicyIndex } from "../domain/identity-policy.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import { reread } from "../domain/reread.ts";
import { noChanges } from "../store/graph-rows.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import type { ChangeContext } from "./audit-writer.ts";
import { Surroundings } from "./recompute-around.ts";

/** All evidence at a generic identifier, read shortly before; null: too much to look at. */
export type EvidenceOfGeneric = ReadonlyMap<
  string,
  { claims: number; evidence: readonly Evidence[] } | null
>;

export interface PolicyUnitResult {
  merges: number;
  splits: number;
  /** Seeds whose component is too large. */
  oversize: readonly string[];
}

/**
 * One step of bringing a policy about: what was grouped under another policy around these
 * identifiers is grouped under this one. What is up to date already costs a look.
 */
export class PolicyUnit {
  private readonly graph: IdentityGraph;
  private readonly index: PolicyIndex;
  private readonly around: Surroundings;

  constructor(graph: IdentityGraph, index: PolicyIndex, context: ChangeContext) {
    this.graph = graph;
    this.index = index;
    this.around = new Surroundings(graph, index, {
      edgesMax: index.policy.componentEdgesMax,
      contextOf: () => context,
      stillDue: async (seeds) => (await this.due(seeds)).map(({ key }) => key),
    });
  }

  async regroup(seeds: readonly string[], generics: EvidenceOfGeneric): Promise<PolicyUnitResult> {
    const due = await this.due(seeds);
    for (const identifier of due) {
      if (identifier.generic) await this.generic(identifier, generics.get(identifier.key) ?? null);
    }
    const plain = due.filter(({ generic }) => !generic).map(({ key }) => key);
    await this.around.recompute(plain);
    await this.defer(this.around.oversize);
    await this.around.announce();
    const count = (kind: string) => this.around.audit.filter((each) => each.kind === kind).length;
    return {
      merges: count("MERGE"),
      splits: count("SPLIT"),
      oversize: this.around.oversize,
    };
  }

  /** What is too large waits for the repair, which breaks it. */
  private async defer(seeds: readonly string[]): Promise<void> {
    if (seeds.length === 0) return;
    const { persons } = await this.load(seeds);
    const waiting = persons.map((person) => ({ ...person, policyVersion: 0 }));
    await this.graph.save({ ...noChanges, persons: waiting });
  }

  /** A value that was generic stays so, or what it ties is looked at. */
  private async generic(
    identifier: KnownIdentifier,
    known: { claims: number; evidence: readonly Evidence[] } | null,
  ): Promise<void> {
    const { genericCause, ...bare } = identifier;
    if (!known) return this.keepGeneric(identifier);
    const read = reread({ identifiers: [bare], evidence: known.evidence }, this.index);
    const [now] = read.identifiers;
    // What came between the look at its evidence and this unit is counted already.
    const claims = now!.claims + Math.max(0, identifier.claims - known.claims);
    if (now!.generic || claims > this.index.policy.genericAbove) {
      return this.keepGeneric({ ...now!, claims, generic: true });
    }
    await this.graph.save({ ...noChanges, identifiers: [{ ...now!, claims }] });
    const before = this.around.oversize.length;
    await this.around.recompute([identifier.key]);
    if (this.around.oversize.length === before) return;
    this.around.oversize.pop();
    const cause = genericCause ?? "OVERSIZE_COMPONENT";
    await this.keepGeneric({
      ...now!,
      claims,
      generic: true,
      genericCause: cause,
    });
  }

  private async keepGeneric(identifier: KnownIdentifier): Promise<void> {
    const { identifiers, persons } = await this.load([identifier.key]);
    const person = persons.find(({ id }) => id === identifiers[0]?.personId);
    const isAlone = person?.size === 1;
    const regrouped = isAlone ? [{ ...person, ...loneGroup(identifier, this.index) }] : [];
    await this.graph.save({
      ...noChanges,
      identifiers: [identifier],
      persons: regrouped,
    });
  }

  /** Identifiers whose person was grouped under another policy, and generic values. */
  private async due(seeds: readonly string[]): Promise<KnownIdentifier[]> {
    const { identifiers, persons } = await this.load(seeds);
    const byId = new Map<string, PersonState>(persons.map((person) => [person.id, person]));
    return identifiers.filter(({ personId, generic }) => {
      const person = personId === null ? undefined : byId.get(personId);
      if (!person) return false;
      return generic || person.policyVersion !== this.index.policy.version;
    });
  }

  private load(keys: readonly string[]) {
    return this.graph.load({
      identifierKeys: keys,
      evidence: [],
      sheets: [],
      groupIds: [],
    });
  }
}
