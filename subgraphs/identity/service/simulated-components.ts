import type { PolicyIndex } from "../domain/identity-policy.ts";
import { type Component } from "../domain/replan.ts";
import { reread } from "../domain/reread.ts";
import type { GraphScan } from "../store/graph-scan.ts";
import type { IdentityReader } from "../store/identity-reader.ts";

/** Identifiers of a person from which its component is walked. */
const seedsMax = 50;
const genericEvidenceMax = 5_000;
/** Times a component is loaded again because a value that would join lies at its edge. */
const growthsMax = 20;

/** Components as a policy would have them hang together, read from the live graph. */
export class SimulatedComponents {
  private readonly reader: IdentityReader;
  private readonly scan: GraphScan;
  private readonly index: PolicyIndex;
  private readonly opened: ReadonlySet<string>;

  /** `opened`: values that are generic and would not be. */
  constructor(
    reader: IdentityReader,
    scan: GraphScan,
    index: PolicyIndex,
    opened: ReadonlySet<string>,
  ) {
    this.reader = reader;
    this.scan = scan;
    this.index = index;
    this.opened = opened;
  }

  /** Those of some generic values that the policy would let join. */
  async opens(keys: readonly string[]): Promise<string[]> {
    const identifiers = await this.reader.identifiersByKey(keys);
    const opened: string[] = [];
    for (const [key, { genericCause: _, ...bare }] of identifiers) {
      const evidence = await this.scan.evidenceAt(key, genericEvidenceMax + 1);
      if (evidence.length > genericEvidenceMax) continue;
      const read = reread({ identifiers: [bare], evidence }, this.index);
      if (!read.identifiers[0]!.generic) opened.push(key);
    }
    return opened;
  }

  /**
   * The component of a person; "ALONE": nothing but generic values; "TOO_LARGE": over the bound.
   */
  async of(personId: string): Promise<Component | "ALONE" | "TOO_LARGE"> {
    const keys = await this.scan.keysOf(personId, "", seedsMax);
    const identifiers = await this.reader.identifiersByKey(keys);
    const seeds = [...identifiers.values()]
      .filter(({ key, generic }) => !generic || this.opened.has(key))
      .map(({ key }) => key);
    if (seeds.length === 0) return "ALONE";
    for (let growth = 0; growth < growthsMax; growth += 1) {
      const component = await this.reader.components(seeds, this.index.policy.componentEdgesMax);
      if (!component) return "TOO_LARGE";
      const inside = new Set(component.identifiers.map(({ key }) => key));
      const beyond = component.evidence
        .flatMap(({ low, high }) => [low, high])
        .filter((key) => !inside.has(key) && this.opened.has(key));
      if (beyond.length === 0) return unmarked(component, this.opened);
      seeds.push(...new Set(beyond));
    }
    return "TOO_LARGE";
  }
}

/** Why a value that would join is generic now is no matter. */
function unmarked(component: Component, opened: ReadonlySet<string>): Component {
  if (opened.size === 0) return component;
  return {
    ...component,
    identifiers: component.identifiers.map((each) => {
      const { genericCause: _, ...bare } = each;
      return opened.has(each.key) ? bare : each;
    }),
  };
}
