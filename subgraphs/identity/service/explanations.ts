import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { explain, type Explanation, unknownSides } from "../domain/explain.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { PolicyInForce } from "./policy-in-force.ts";

/** Edges an explanation may look at. */
const edgesMax = 50_000;

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
      return { samePerson: false, confidence: null, path: [], refusals: missing };
    const [from, to] = [known.get(keys[0]!)!, known.get(keys[1]!)!];
    const component = await this.reader.components([from.key, to.key], edgesMax);
    if (!component) {
      throw new DomainError("OVERLOADED", "There is too much evidence around these to explain.");
    }
    return explain(from, to, component, this.policy.current());
  }
}
