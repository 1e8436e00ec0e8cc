import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { explain, type Explanation, unknownSides } from "../domain/explain.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { Component } from "../domain/replan.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { PolicyInForce } from "./policy-in-force.ts";

/** Edges an explanation may look at. */
const edgesMax = 50_000;
/** Generic values around the two that are looked at. */
const genericsMax = 500;

/** Why two identifiers are one person, or are not. */
export class Explanations {
  private readonly reader: IdentityReader;
  private readonly policy: PolicyInForce;

  constructor(reader: IdentityReader, policy: PolicyInForce) {
    this.reader = reader;
    this.policy = policy;
  }

  /** Throws OVERLOADED when the evidence around the two is too large to look at. */
  async explain(left: RawIdentifier, right: RawIdentifier): Promise<Explanation> {
    const sides = [left, right].map((each) => this.policy.identifiers.read(each));
    const keys = sides.map(({ identifier }) => identifier?.key ?? null);
    const known = await this.reader.identifiersByKey(keys.filter((key) => key !== null));
    const missing = unknownSides(sides, known);
    if (missing.length > 0)
      return {
        samePerson: false,
        confidence: null,
        path: [],
        refusals: missing,
      };
    const [from, to] = [known.get(keys[0]!)!, known.get(keys[1]!)!];
    const component = await this.reader.components([from.key, to.key], edgesMax);
    if (!component) {
      throw new DomainError("OVERLOADED", "There is too much evidence around these to explain.");
    }
    const identifiers = [...component.identifiers, ...(await this.generics(component))];
    return explain(from, to, { ...component, identifiers }, this.policy.current());
  }

  /** Values at the edge that join nobody: the way from one to the other may lead over them. */
  private async generics({ identifiers, evidence }: Component): Promise<KnownIdentifier[]> {
    const inside = new Set(identifiers.map(({ key }) => key));
    const ties = new Map<string, number>();
    for (const key of evidence.flatMap(({ low, high }) => [low, high])) {
      if (!inside.has(key)) ties.set(key, (ties.get(key) ?? 0) + 1);
    }
    const shared = [...ties].filter(([, count]) => count > 1).map(([key]) => key);
    const known = await this.reader.identifiersByKey(shared.slice(0, genericsMax));
    return [...known.values()].filter(({ generic }) => generic);
  }
}
