import { compareText } from "./evidence.ts";

/**
 * A human's word on who is who, which beats every rule. MUST_LINK: `left` is one person (`right` is
 * empty). CANNOT_LINK: `left` is one person, `right` is another one. On one pair of identifiers the
 * newest word counts.
 */
export interface Decision {
  id: string;
  kind: "MUST_LINK" | "CANNOT_LINK";
  left: readonly string[];
  right: readonly string[];
  madeAt: string;
  actor: string;
  reason: string;
}

/** Identifiers one decision may name on each side; a larger merge or split is refused. */
export const decisionMembersMax = 1_000;

type Verdict = "MUST" | "CANNOT" | null;

interface Sides {
  decision: Decision;
  left: ReadonlySet<string>;
  right: ReadonlySet<string>;
}

/** The decisions in force over some identifiers. */
export class HumanWord {
  private readonly newestFirst: readonly Sides[];
  private readonly decided: ReadonlySet<string>;

  constructor(decisions: readonly Decision[]) {
    this.newestFirst = [...decisions]
      .sort((a, b) => compareText(b.madeAt, a.madeAt) || compareText(b.id, a.id))
      .map((decision) => ({
        decision,
        left: new Set(decision.left),
        right: new Set(decision.right),
      }));
    this.decided = new Set(decisions.flatMap(({ left, right }) => [...left, ...right]));
  }

  isDecided(key: string): boolean {
    return this.decided.has(key);
  }

  /** Whether the newest word on any pair across the two groups keeps them apart. */
  keepsApart(one: Iterable<string>, other: Iterable<string>): boolean {
    if (this.newestFirst.length === 0) return false;
    const ones = [...one].filter((key) => this.decided.has(key));
    const others = [...other].filter((key) => this.decided.has(key));
    return ones.some((a) => others.some((b) => this.verdict(a, b) === "CANNOT"));
  }

  /** Pairs that belong together, newest decision first: enough of them to tie what still holds. */
  *mustLinks(): Iterable<[string, string]> {
    for (const { decision } of this.newestFirst) {
      yield* this.tied([...decision.left].sort(compareText));
      yield* this.tied([...decision.right].sort(compareText));
    }
  }

  private *tied(members: readonly string[]): Iterable<[string, string]> {
    const several = this.newestFirst.length > 1;
    for (let i = 1; i < members.length; i += 1) {
      // With a single decision a chain ties all; a newer one may have cut the chain anywhere.
      for (let j = several ? 0 : i - 1; j < i; j += 1) {
        if (this.verdict(members[j]!, members[i]!) === "MUST") yield [members[j]!, members[i]!];
      }
    }
  }

  private verdict(a: string, b: string): Verdict {
    for (const { left, right } of this.newestFirst) {
      if ((left.has(a) && left.has(b)) || (right.has(a) && right.has(b))) return "MUST";
      if ((left.has(a) && right.has(b)) || (right.has(a) && left.has(b))) return "CANNOT";
    }
    return null;
  }
}
