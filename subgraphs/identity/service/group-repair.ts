import type { Clock } from "../../../kernel/time/clock.ts";
import { hubsOf } from "../domain/break-component.ts";
import type { KnownIdentifier, PersonState } from "../domain/person-state.ts";
import { noChanges } from "../store/graph-rows.ts";
import type { IdentityGraph, IdentityStore } from "../store/identity-store.ts";
import { byRule, type ChangeContext } from "./audit-writer.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { Surroundings } from "./recompute-around.ts";

/** Identifiers of a person that one unit of work looks around. */
const keysAtOnce = 200;
/** So many times the bound are read to find out what holds a component together. */
const readFactor = 4;
/** Values of one person that are called generic at once where even that is not enough. */
const hubsAtOnce = 5;
const failuresMax = 3;

/** Rule of the changes that breaking a component brings. */
export const oversizeRule = "oversize_component";

interface GroupRepairParts {
  store: IdentityStore;
  policy: PolicyInForce;
  clock: Clock;
  /** Told of each value that became generic because it held too much together. */
  broken: () => void;
}

/**
 * Makes anew, in the background, groups that a unit of work had no time to look at: their component
 * is large. What is over the policy's bound is broken first: the values that most others are tied
 * to become generic until what is left is within it, and say so.
 */
export class GroupRepair {
  private readonly parts: GroupRepairParts;
  private readonly passedOver = new Set<string>();
  private failures = 0;

  constructor(parts: GroupRepairParts) {
    this.parts = parts;
  }

  async isSettled(): Promise<boolean> {
    return (await this.first()) === undefined;
  }

  /** One person further; false when nobody waits. */
  async next(): Promise<boolean> {
    const { store } = this.parts;
    const personId = await this.first();
    if (personId === undefined) return false;
    const keys = await store.scan.keysOf(personId, "", keysAtOnce);
    // Whoever has nothing, or fails, does not stand in the way of the others.
    if (keys.length === 0) this.passedOver.add(personId);
    try {
      await this.one(personId, keys);
      this.failures = 0;
      return true;
    } catch (error) {
      this.failures += 1;
      if (this.failures >= failuresMax) this.passedOver.add(personId);
      throw error;
    }
  }

  private async one(personId: string, keys: readonly string[]): Promise<void> {
    const { store } = this.parts;
    const tooLarge = await store.write((graph) => this.repair(graph, personId, keys), {
      isBackground: true,
    });
    if (tooLarge !== null) await this.breakUp(personId, tooLarge);
  }

  private async first(): Promise<string | undefined> {
    const waiting = await this.parts.store.scan.unsettled(this.passedOver.size + 1);
    return waiting.find((id) => !this.passedOver.has(id));
  }

  /** Null, or a seed of a component that is too large. */
  private async repair(
    graph: IdentityGraph,
    personId: string,
    keys: readonly string[],
  ): Promise<string | null> {
    const waiting = await this.waiting(graph, personId, keys);
    if (!waiting) return null;
    const { person, own } = waiting;
    const plain = own.filter(({ generic }) => !generic).map(({ key }) => key);
    const around = this.surroundings(graph, personId);
    if (plain.length > 0) await around.recompute(plain.slice(0, 1));
    if (around.oversize.length > 0) return around.oversize[0]!;
    await around.recompute(await this.stillOwn(graph, personId, plain.slice(1)));
    if (plain.length === 0) await this.leftovers(graph, person, around);
    else {
      await this.takeOut(graph, personId, own, around);
      if (keys.length < keysAtOnce) await this.settle(graph, personId, keys);
    }
    await around.announce();
    return around.oversize[0] ?? null;
  }

  private surroundings(graph: IdentityGraph, personId: string) {
    const index = this.parts.policy.current();
    const context = this.context();
    return new Surroundings(graph, index, {
      edgesMax: index.policy.componentEdgesMax,
      contextOf: () => context,
      stillDue: (seeds) => this.stillOwn(graph, personId, seeds),
    });
  }

  private context(): ChangeContext {
    const at = this.parts.clock.now().toISOString();
    return byRule(at, { messageId: null, eventName: null, rule: oversizeRule, decision: null });
  }

  private async waiting(graph: IdentityGraph, personId: string, keys: readonly string[]) {
    const { identifiers, persons } = await load(graph, keys);
    const person = persons.find(({ id }) => id === personId);
    if (!person || person.policyVersion !== 0) return null;
    return { person, own: identifiers.filter((each) => each.personId === personId) };
  }

  /** Those that still wait with the person. */
  private async stillOwn(graph: IdentityGraph, personId: string, keys: readonly string[]) {
    const waiting = keys.length > 0 ? await this.waiting(graph, personId, keys) : null;
    return waiting ? waiting.own.map(({ key }) => key) : [];
  }

  /** Nothing but generic values is left of a person: each stands for itself. */
  private async leftovers(graph: IdentityGraph, person: PersonState, around: Surroundings) {
    const identifiers = await graph.identifiersOfPersons([person.id]);
    await this.apart(graph, identifiers, [person], around);
  }

  /** A person that is through keeps no value that has become generic. */
  private async takeOut(
    graph: IdentityGraph,
    personId: string,
    own: readonly KnownIdentifier[],
    around: Surroundings,
  ): Promise<void> {
    const marked = own.filter(({ genericCause }) => genericCause === "OVERSIZE_COMPONENT");
    if (marked.length === 0) return;
    const { identifiers, persons } = await load(
      graph,
      marked.map(({ key }) => key),
    );
    if (persons.some(({ id, policyVersion }) => id === personId && policyVersion === 0)) return;
    const left = identifiers.filter((each) => each.personId === personId);
    await this.apart(graph, left, [], around);
  }

  private async apart(
    graph: IdentityGraph,
    identifiers: readonly KnownIdentifier[],
    persons: readonly PersonState[],
    around: Surroundings,
  ): Promise<void> {
    const slots = identifiers.flatMap(({ key, sources }) =>
      sources.map((source) => ({ key, source })),
    );
    const { sheets } = await graph.load({
      identifierKeys: [],
      evidence: [],
      sheets: slots,
      groupIds: [],
    });
    const alone = { identifiers, sheets, persons };
    await around.alone({ ...alone, evidence: [], decisions: [], redirects: [] });
  }

  /** All around it was looked at: what there is to know of it is known. */
  private async settle(graph: IdentityGraph, personId: string, keys: readonly string[]) {
    const waiting = await this.waiting(graph, personId, keys);
    if (!waiting) return;
    const policyVersion = this.parts.policy.current().policy.version;
    await graph.save({ ...noChanges, persons: [{ ...waiting.person, policyVersion }] });
  }

  private async breakUp(personId: string, seed: string): Promise<void> {
    const { store, policy, broken } = this.parts;
    const bound = policy.current().policy.componentEdgesMax;
    const component = await store.reader.components([seed], bound * readFactor);
    const hubs = component
      ? hubsOf(component, bound)
      : await store.scan.busiest(personId, hubsAtOnce);
    const marked = await store.write((graph) => this.mark(graph, hubs), { isBackground: true });
    for (let count = 0; count < marked; count += 1) broken();
  }

  /** The values join nobody from now on; whoever has one is looked at anew. */
  private async mark(graph: IdentityGraph, hubs: readonly string[]): Promise<number> {
    const { identifiers, persons } = await load(graph, hubs);
    const fresh = identifiers.filter(({ generic }) => !generic);
    const marks = fresh.map(
      (each): KnownIdentifier => ({ ...each, generic: true, genericCause: "OVERSIZE_COMPONENT" }),
    );
    const waiting = persons.map((person) => ({ ...person, policyVersion: 0 }));
    await graph.save({ ...noChanges, identifiers: marks, persons: waiting });
    return fresh.length;
  }
}

function load(graph: IdentityGraph, keys: readonly string[]) {
  return graph.load({ identifierKeys: keys, evidence: [], sheets: [], groupIds: [] });
}
