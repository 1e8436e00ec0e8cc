import type { Clock } from "../../../kernel/time/clock.ts";
import type { RefusalText } from "../domain/explain.ts";
import { mergeObstacles } from "../domain/merge-obstacles.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import { type DecisionShift, shiftsOf, type Standing, weigh } from "../domain/standing.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { Rehearsal } from "./rehearsal.ts";
import { type SplitOrder, StewardActs } from "./steward-acts.ts";
import type { StewardResult } from "./steward-result.ts";
import type { WhatIf } from "./what-if.ts";

/** A trait as it would be, and the person whose value it is today. */
export interface TraitToBe {
  name: string;
  value: unknown;
  from: string;
}

/** Somebody as he would be. */
export interface PersonToBe {
  /** Null: a person who has no id yet. */
  id: string | null;
  /** Those that were seen, as a person shows them. */
  identifiers: readonly KnownIdentifier[];
  traits: TraitToBe[];
  /** Names. */
  audiencesEntered: string[];
  audiencesLeft: string[];
  /** Every use, whether it would be decided otherwise or not. */
  consentDecisions: DecisionShift[];
}

export interface Preview {
  allowed: boolean;
  refusals: RefusalText[];
  persons: PersonToBe[];
}

/** Nobody is told of a rehearsal. */
const nobody = { id: "", reason: "" };
/** Evidence that a look at what speaks against a merge may take in. */
const edgesMax = 200_000;

interface Regrouping {
  before: Map<string, KnownIdentifier[]>;
  after: Map<string, KnownIdentifier[]>;
  knownIds: ReadonlySet<string>;
}

/** What a merge or a split would do, told by doing it without writing anything. */
export class Previews {
  private readonly reader: IdentityReader;
  private readonly policy: PolicyInForce;
  private readonly acts: StewardActs;
  private readonly whatIf: WhatIf;

  constructor(parts: {
    reader: IdentityReader;
    policy: PolicyInForce;
    clock: Clock;
    whatIf: WhatIf;
  }) {
    this.reader = parts.reader;
    this.policy = parts.policy;
    this.acts = new StewardActs(parts.policy, parts.clock);
    this.whatIf = parts.whatIf;
  }

  /** The first person is the one that the others would become. */
  async merge(input: { into: string; from: readonly string[] }): Promise<Preview> {
    const rehearsal = new Rehearsal(this.reader);
    const result = await this.acts.merge(rehearsal, input, nobody);
    if (!result.outcome) return notAllowed(result);
    const regrouping = await this.regrouping(rehearsal, result.outcome.change.personIds);
    return {
      allowed: true,
      refusals: await this.obstacles(regrouping.before),
      persons: await this.personsToBe(regrouping),
    };
  }

  /** The person that stays first. */
  async split(order: SplitOrder): Promise<Preview> {
    const rehearsal = new Rehearsal(this.reader);
    const result = await this.acts.split(rehearsal, order, nobody);
    if (!result.outcome) return notAllowed(result);
    const regrouping = await this.regrouping(rehearsal, result.outcome.change.personIds);
    return { allowed: true, refusals: [], persons: await this.personsToBe(regrouping) };
  }

  /** Identifiers by person, as they are and as they would be; the person asked about first. */
  private async regrouping(
    rehearsal: Rehearsal,
    personIds: readonly string[],
  ): Promise<Regrouping> {
    const ids = [...personIds];
    const present = await this.reader.identifiersOfPersons(ids);
    const moved = present.map((each) => rehearsal.identifiers.get(each.key) ?? each);
    return {
      before: byPerson(present, ids),
      after: byPerson(moved, ids),
      knownIds: rehearsal.knownIds,
    };
  }

  private async personsToBe({ before, after, knownIds }: Regrouping): Promise<PersonToBe[]> {
    const keysOf = (own: readonly KnownIdentifier[]) => own.map(({ key }) => key);
    const groups = [...before.values(), ...after.values()].map(keysOf);
    const standings = await this.whatIf.standingsOf(groups);
    const standing = (place: number) => ({ keys: groups[place]!, standing: standings[place]! });
    const olds = [...before.keys()].map((_, place) => standing(place));
    const ownerOf = new Map([...before].flatMap(([id, own]) => own.map(({ key }) => [key, id])));
    return [...after].map(([id, identifiers], place) => {
      const next = standing(before.size + place);
      const told = weigh(olds, [next]);
      return {
        id: knownIds.has(id) ? id : null,
        identifiers: identifiers.filter(({ seen }) => seen),
        traits: traitsOf(next.standing, ownerOf),
        audiencesEntered: told.audiencesEntered,
        audiencesLeft: told.audiencesLeft,
        consentDecisions: this.shifts(olds, next),
      };
    });
  }

  private shifts(
    olds: readonly { keys: readonly string[]; standing: Standing }[],
    next: { keys: readonly string[]; standing: Standing },
  ): DecisionShift[] {
    const own = new Set(next.keys);
    const origin = olds.find(({ keys }) => keys.some((key) => own.has(key)));
    return shiftsOf(origin?.standing.decisions ?? [], next.standing.decisions);
  }

  private async obstacles(before: ReadonlyMap<string, KnownIdentifier[]>): Promise<RefusalText[]> {
    const members = [...before.values()].flat();
    const keys = members.map(({ key }) => key);
    const component = await this.reader.components(keys, edgesMax);
    if (!component) return [];
    const persons = component.persons.filter(({ id }) => before.has(id));
    return mergeObstacles(persons, members, component.decisions, this.policy.current());
  }
}

function notAllowed({ problems }: StewardResult): Preview {
  const refusals = problems.map(({ code, message }) => ({ constraint: code, message }));
  return { allowed: false, refusals, persons: [] };
}

function byPerson(
  identifiers: readonly KnownIdentifier[],
  order: readonly string[],
): Map<string, KnownIdentifier[]> {
  const groups = Map.groupBy(identifiers, ({ personId }) => personId!);
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return new Map([...groups].sort(([a], [b]) => place(a) - place(b)));
}

function traitsOf(standing: Standing, ownerOf: ReadonlyMap<string, string>): TraitToBe[] {
  return Object.entries(standing.record)
    .map(([name, { value, key }]) => ({ name, value, from: ownerOf.get(key)! }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
