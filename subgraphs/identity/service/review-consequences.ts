import { type StandingGroup, weigh } from "../domain/standing.ts";
import type { IdentityReader, PersonRow } from "../store/identity-reader.ts";
import type { Profiles } from "./profiles.ts";
import type { WhatIf } from "./what-if.ts";

/** What would change if two were one person. Names ascending. */
export interface ReviewEffect {
  persons: number;
  audiences: readonly string[];
  destinations: readonly string[];
}

const nothing: ReviewEffect = { persons: 0, audiences: [], destinations: [] };

/** Weighs approvals before they are given. */
export class ReviewConsequences {
  private readonly reader: IdentityReader;
  private readonly profiles: Profiles;
  private readonly whatIf: WhatIf;

  constructor(profiles: Profiles, whatIf: WhatIf) {
    this.reader = profiles.reader;
    this.profiles = profiles;
    this.whatIf = whatIf;
  }

  /** For pairs of identifiers, in order; null where one is nobody's. Each person is asked once. */
  async of(pairs: readonly (readonly [string, string])[]): Promise<(ReviewEffect | null)[]> {
    const persons = await this.profiles.personsByKey([...new Set(pairs.flat())]);
    const rows = [...new Map([...persons.values()].map((row) => [row.id, row])).values()];
    const keys = await this.keysOf(rows);
    const unions = pairs.map((pair) => unionOf(pair, persons, keys));
    const groups = [...keys.values(), ...unions.flatMap((union) => (union ? [union.all] : []))];
    const standings = await this.whatIf.standingsOf(groups);
    const standing = new Map(groups.map((group, place) => [group, standings[place]!]));
    const groupOf = (own: readonly string[]): StandingGroup => ({
      keys: own,
      standing: standing.get(own)!,
    });
    return Promise.all(
      pairs.map(([low, high], place) => {
        if (!persons.has(low) || !persons.has(high)) return null;
        const union = unions[place];
        if (!union) return nothing;
        return this.effectOf(union.parts.map(groupOf), groupOf(union.all));
      }),
    );
  }

  private async effectOf(
    before: readonly StandingGroup[],
    after: StandingGroup,
  ): Promise<ReviewEffect> {
    const { persons, audiencesEntered, audiencesLeft } = weigh(before, [after]);
    const audiences = [...new Set([...audiencesEntered, ...audiencesLeft])].sort();
    return { persons, audiences, destinations: await this.whatIf.destinationsOf(audiences) };
  }

  private async keysOf(rows: readonly PersonRow[]): Promise<Map<string, readonly string[]>> {
    const members = await this.reader.identifiersOfPersons(rows.map(({ id }) => id));
    const found = Map.groupBy(members, ({ personId }) => personId);
    return new Map(rows.map(({ id }) => [id, (found.get(id) ?? []).map(({ key }) => key)]));
  }
}

/** The two persons, the one that would go on first, and what they would be. Null: they are one. */
function unionOf(
  pair: readonly [string, string],
  persons: ReadonlyMap<string, PersonRow>,
  keys: ReadonlyMap<string, readonly string[]>,
): { parts: readonly (readonly string[])[]; all: readonly string[] } | null {
  const [one, other] = pair.map((key) => persons.get(key));
  if (!one || !other || one.id === other.id) return null;
  const parts = [one, other]
    .sort((a, b) => (`${a.createdAt} ${a.id}` < `${b.createdAt} ${b.id}` ? -1 : 1))
    .map(({ id }) => keys.get(id)!);
  return { parts, all: parts.flat() };
}
