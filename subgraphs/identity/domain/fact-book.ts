import { succeeds } from "./fact-history.ts";
import { addFacts, factsOf } from "./golden-record.ts";
import type { Fact, FactSheet } from "./fact.ts";
import type { IdentityPolicy } from "./identity-policy.ts";
import type { Observation } from "./observation.ts";

/** The fact sheets that a batch touches, and which of them have changed. */
export class FactBook {
  private readonly sheets = new Map<string, FactSheet>();
  private readonly changed = new Set<string>();
  private readonly policy: IdentityPolicy;

  constructor(known: readonly FactSheet[], policy: IdentityPolicy) {
    this.policy = policy;
    for (const sheet of known) this.sheets.set(sheetKey(sheet), sheet);
  }

  *changes(): Iterable<FactSheet> {
    for (const key of this.changed) yield this.sheets.get(key)!;
  }

  /** Writes the observation's traits down; gives them when they brought anything new, else null. */
  take({ subject, source, at, traits }: Observation): Record<string, Fact> | null {
    if (!subject) return null;
    const facts = factsOf(traits, { at, source, key: subject.key });
    const slot = { key: subject.key, source };
    const known = this.sheets.get(sheetKey(slot)) ?? { ...slot, facts: {} };
    const sheet = addFacts(known, facts, this.policy);
    if (sheet === known) return null;
    this.sheets.set(sheetKey(slot), sheet);
    this.changed.add(sheetKey(slot));
    return facts;
  }

  /** Puts a sheet in the place of the one there was; false when it says the same. */
  replace(sheet: FactSheet): boolean {
    const known = this.sheets.get(sheetKey(sheet));
    const next = known ? replacing(sheet, known) : sheet;
    if (JSON.stringify(known?.facts ?? {}) === JSON.stringify(next.facts)) return false;
    this.sheets.set(sheetKey(sheet), next);
    this.changed.add(sheetKey(sheet));
    return true;
  }
}

/** The values there were become past; a trait that is no more is forgotten. */
function replacing(sheet: FactSheet, known: FactSheet): FactSheet {
  const facts = Object.entries(sheet.facts).map(([name, fact]) => {
    const before = Object.hasOwn(known.facts, name) ? known.facts[name] : undefined;
    return [name, before ? succeeds(fact, before) : fact] as const;
  });
  return { ...sheet, facts: Object.fromEntries(facts) };
}

function sheetKey({ key, source }: { key: string; source: string }): string {
  return `${key}\u0001${source}`;
}
