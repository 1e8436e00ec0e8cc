import type { AudienceBook, RunningAudience } from "./audience-book.ts";
import { type MembershipCause, noCause } from "./membership-evaluator.ts";

/** A person and an audience to be asked about him. */
export interface Pair {
  personId: string;
  audience: RunningAudience;
}

/** What a batch changed about one person, each with its cause; the last one counts. */
class Touch {
  /** Someone else's facts came or went: every audience is asked. */
  isReshaped = false;
  isNew = false;
  readonly facts = new Map<string, MembershipCause>();
  readonly traits = new Map<string, MembershipCause>();
  change: MembershipCause = noCause;
}

function lastIn(causes: ReadonlyMap<string, MembershipCause>, names: ReadonlySet<string>) {
  let found: MembershipCause | null = null;
  for (const [name, cause] of causes) if (names.has(name)) found = cause;
  return found;
}

/**
 * Collects which persons a batch of identity entries touched, and so which audiences to ask again.
 */
export class Touches {
  private readonly touches = new Map<string, Touch>();

  private of(personId: string): Touch {
    const known = this.touches.get(personId);
    if (known) return known;
    const made = new Touch();
    this.touches.set(personId, made);
    return made;
  }

  reshaped(personId: string, cause: MembershipCause): void {
    const touch = this.of(personId);
    touch.isReshaped = true;
    touch.change = cause;
  }

  appeared(personId: string, cause: MembershipCause): void {
    const touch = this.of(personId);
    touch.isNew = true;
    touch.change = cause;
  }

  fact(personId: string, factName: string, cause: MembershipCause): void {
    const { facts } = this.of(personId);
    facts.delete(factName);
    facts.set(factName, cause);
  }

  trait(personId: string, name: string, cause: MembershipCause): void {
    const { traits } = this.of(personId);
    traits.delete(name);
    traits.set(name, cause);
  }

  forget(personId: string): void {
    this.touches.delete(personId);
  }

  /** Every (person, audience) whose answer this batch may have changed. */
  *pairs(book: AudienceBook): Iterable<Pair> {
    for (const [personId, touch] of this.touches) {
      const asked = new Set<RunningAudience>(touch.isReshaped ? book.byId.values() : []);
      if (!touch.isReshaped) {
        for (const audience of touch.isNew ? book.forNobodyKnown : []) asked.add(audience);
        for (const name of touch.facts.keys()) {
          for (const audience of book.byFact.get(name) ?? []) asked.add(audience);
        }
        for (const name of touch.traits.keys()) {
          for (const audience of book.byTrait.get(name) ?? []) asked.add(audience);
        }
      }
      for (const audience of asked) yield { personId, audience };
    }
  }

  /** The event that concerned the audience, or else the trait, or else the change of identity. */
  causeFor(personId: string, audience: RunningAudience): MembershipCause {
    const touch = this.touches.get(personId);
    const references = audience.versionFor(personId)?.references;
    if (!touch || !references) return noCause;
    return (
      lastIn(touch.facts, references.factNames) ??
      lastIn(touch.traits, references.traits) ??
      touch.change
    );
  }
}
