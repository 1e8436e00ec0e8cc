import type { Decision } from "../../subgraphs/identity/domain/decision.ts";
import { type Evidence, evidenceKey } from "../../subgraphs/identity/domain/evidence.ts";
import type { FactSheet } from "../../subgraphs/identity/domain/fact.ts";
import type { PolicyIndex } from "../../subgraphs/identity/domain/identity-policy.ts";
import type { Undone } from "../../subgraphs/identity/domain/name-groups.ts";
import type { Observation } from "../../subgraphs/identity/domain/observation.ts";
import type { KnownIdentifier, PersonState } from "../../subgraphs/identity/domain/person-state.ts";
import { replan } from "../../subgraphs/identity/domain/replan.ts";
import { WorkingGraph } from "../../subgraphs/identity/domain/working-graph.ts";

interface Redirect {
  from: string;
  to: string;
  createdAt: string;
}

/**
 * The whole graph in maps, for properties of the domain: hands batches to the domain as the service
 * does, with the same excerpts (only what the batch touches) and whole components where they are
 * asked for.
 */
export class MemoryGraph {
  readonly decisions: Decision[] = [];
  private readonly identifiers = new Map<string, KnownIdentifier>();
  private readonly evidence = new Map<string, Evidence>();
  private readonly sheets = new Map<string, FactSheet>();
  private readonly people = new Map<string, PersonState>();
  private readonly redirects = new Map<string, Redirect>();
  private readonly index: PolicyIndex;
  private serial = 0;

  constructor(index: PolicyIndex) {
    this.index = index;
  }

  resolve(observations: readonly Observation[]): void {
    const working = new WorkingGraph(this.excerpt(observations), this.index, () => this.newId());
    for (const observation of observations) working.observe(observation);
    for (const identifier of working.identifiers.changes()) {
      const personId = working.partyOf(identifier.key)?.id ?? null;
      this.identifiers.set(identifier.key, { ...identifier, personId });
    }
    for (const [key, evidence] of working.changedEvidence) this.evidence.set(key, evidence);
    for (const sheet of working.facts.changes())
      this.sheets.set(`${sheet.key} ${sheet.source}`, sheet);
    for (const party of working.parties()) {
      if (party.isChanged) this.people.set(party.id!, party.state(party.id!));
    }
    this.merge(working.merges());
    if (working.staleSeeds.size > 0) this.recompute([...working.staleSeeds.keys()], null);
  }

  /** A human's word, and what follows from it. */
  decide(decision: Decision, preferredId: string | null = null): void {
    this.decisions.push(decision);
    this.recompute([...decision.left, ...decision.right], preferredId, decision);
  }

  withdraw(decision: Decision, undone: Undone): void {
    this.decisions.splice(this.decisions.indexOf(decision), 1);
    this.recompute([...decision.left, ...decision.right], null, undefined, undone);
  }

  groups(): { id: string; keys: string[] }[] {
    const groups = Map.groupBy(this.identifiers.values(), ({ personId }) => personId!);
    return [...groups].map(([id, members]) => ({ id, keys: members.map(({ key }) => key).sort() }));
  }

  persons(): (PersonState & { keys: string[] })[] {
    return this.groups().map(({ id, keys }) => ({ ...this.people.get(id)!, keys }));
  }

  personOf(key: string): string {
    return this.identifiers.get(key)!.personId!;
  }

  identifiersOf(personId: string): KnownIdentifier[] {
    return [...this.identifiers.values()].filter((each) => each.personId === personId);
  }

  /** Where an id leads, by one redirect at the most. */
  leadsTo(id: string): string {
    return this.redirects.get(id)?.to ?? id;
  }

  /** What may not depend on the order of arrival. */
  view(): unknown[] {
    return this.persons()
      .map(({ keys, record, createdAt }) => ({ keys: keys.join(" "), record, createdAt }))
      .sort((a, b) => (a.keys < b.keys ? -1 : 1));
  }

  /** Everything. */
  rows(): unknown {
    const { identifiers, evidence, sheets, people, redirects } = this;
    const maps = Object.entries({ identifiers, evidence, sheets, people, redirects });
    return structuredClone(maps.map(([name, rows]) => [name, [...rows]]));
  }

  private excerpt(observations: readonly Observation[]) {
    const keys = new Set(observations.flatMap((each) => each.identifiers.map(({ key }) => key)));
    const identifiers = [...keys].flatMap((key) => this.identifiers.get(key) ?? []);
    const ties = new Set(observations.flatMap(({ ties }) => ties.map(evidenceKey)));
    const slots = new Set(observations.map(({ subject, source }) => `${subject?.key} ${source}`));
    const ids = new Set(identifiers.map(({ personId }) => personId));
    return {
      identifiers,
      persons: [...ids].flatMap((id) => (id ? this.people.get(id)! : [])),
      evidence: [...ties].flatMap((key) => this.evidence.get(key) ?? []),
      sheets: [...slots].flatMap((slot) => this.sheets.get(slot) ?? []),
    };
  }

  private recompute(
    seeds: readonly string[],
    preferredId: string | null,
    decision?: Decision,
    undone: Undone = new Map(),
  ): void {
    const component = this.component(seeds);
    const newPersonId = () => this.newId();
    const leaving = new Set(decision?.kind === "CANNOT_LINK" ? decision.left : []);
    const plan = replan(component, this.index, {
      preferredId,
      leaving,
      undone,
      newPersonId,
    });
    for (const identifier of plan.identifiers) this.identifiers.set(identifier.key, identifier);
    for (const person of plan.persons) {
      this.people.set(person.id, person);
      this.redirects.delete(person.id);
    }
    this.merge(plan.redirects);
  }

  private component(seeds: readonly string[]) {
    const reached = new Set<string>();
    for (let frontier = [...seeds]; frontier.length > 0; ) {
      for (const key of frontier) reached.add(key);
      const next = new Set<string>();
      const go = (key: string) => {
        if (!reached.has(key) && !this.identifiers.get(key)!.generic) next.add(key);
      };
      for (const { low, high } of this.evidence.values()) {
        if (frontier.includes(low)) go(high);
        if (frontier.includes(high)) go(low);
      }
      for (const { left, right } of this.decisions) {
        const members = [...left, ...right];
        if (members.some((key) => frontier.includes(key))) for (const key of members) go(key);
      }
      frontier = [...next];
    }
    const identifiers = [...reached].map((key) => this.identifiers.get(key)!);
    const ids = new Set(identifiers.map(({ personId }) => personId));
    return {
      identifiers,
      evidence: [...this.evidence.values()].filter(
        ({ low, high }) => reached.has(low) || reached.has(high),
      ),
      decisions: this.decisions.filter(({ left }) => left.some((key) => reached.has(key))),
      persons: [...ids].flatMap((id) => (id ? this.people.get(id)! : [])),
      sheets: [...this.sheets.values()].filter(({ key }) => reached.has(key)),
      redirects: [...this.redirects.values()].filter(({ to }) => ids.has(to)),
    };
  }

  private merge(merges: readonly Redirect[]): void {
    for (const { from, to, createdAt } of merges) {
      for (const [key, identifier] of this.identifiers) {
        if (identifier.personId === from)
          this.identifiers.set(key, { ...identifier, personId: to });
      }
      for (const [id, redirect] of this.redirects) {
        if (redirect.to === from) this.redirects.set(id, { ...redirect, to });
      }
      this.people.delete(from);
      this.redirects.set(from, { from, to, createdAt });
    }
  }

  private newId(): string {
    this.serial += 1;
    return `person_${String(this.serial).padStart(4, "0")}`;
  }
}
