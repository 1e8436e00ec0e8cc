import type { HumanWord } from "./decision.ts";
import { compareText } from "./evidence.ts";
import { brokenLimit, type Group, type Obstacle } from "./group.ts";
import type { IdentifierKind, PolicyIndex } from "./identity-policy.ts";
import { countedValues } from "./limit-window.ts";
import type { SeenIdentifier } from "./person-state.ts";

interface Draft {
  keys: string[];
  known: boolean;
  /** Classes of limited values by namespace. */
  classes: Map<string, Set<string>>;
  lastRank: string;
  conflicted: boolean;
}

/** Groups of identifiers while they are being joined: disjoint sets that know their constraints. */
export class Grouping {
  private readonly identifiers = new Map<string, SeenIdentifier>();
  private readonly drafts = new Map<string, Draft>();
  /** Which values count as one: a forest over keys. */
  private readonly sameValue = new Map<string, string>();
  /** When a limited value was first seen, by its class. */
  private readonly firstSeenAt = new Map<string, string>();
  private readonly word: HumanWord;
  private readonly index: PolicyIndex;

  constructor(identifiers: readonly SeenIdentifier[], word: HumanWord, index: PolicyIndex) {
    this.word = word;
    this.index = index;
    for (const identifier of identifiers) {
      this.identifiers.set(identifier.key, identifier);
      this.drafts.set(identifier.key, {
        keys: [identifier.key],
        known: identifier.kind === "PERSON",
        classes: new Map(),
        lastRank: "",
        conflicted: false,
      });
    }
  }

  has(key: string): boolean {
    return this.identifiers.has(key);
  }

  kindOf(key: string): IdentifierKind {
    return this.identifiers.get(key)!.kind;
  }

  /** Human word joins before all else and makes the values of both sides one value each. */
  joinByHuman(one: string, other: string): void {
    const [a, b] = [this.drafts.get(one)!, this.drafts.get(other)!];
    if (a === b || this.word.keepsApart(a.keys, b.keys)) return;
    this.sameValue.set(this.classOf(other), this.classOf(one));
    this.merge(a, b);
  }

  /** An alias says that two ids of one namespace are the same id. */
  aliasOf(one: string, other: string): void {
    const [a, b] = [this.identifiers.get(one)!, this.identifiers.get(other)!];
    if (a.namespace !== b.namespace) return;
    const [left, right] = [this.classOf(one), this.classOf(other)];
    if (left !== right) this.sameValue.set(right, left);
  }

  /** Fills the tallies, once human word and aliases have said which values are one. */
  countValues(): void {
    for (const identifier of this.identifiers.values()) {
      if ((this.index.namespaces.get(identifier.namespace)?.limit ?? null) === null) continue;
      const { classes } = this.drafts.get(identifier.key)!;
      const known = classes.get(identifier.namespace);
      const own = this.classOf(identifier.key);
      const { firstSeenAt } = identifier;
      if (firstSeenAt < (this.firstSeenAt.get(own) ?? "~")) this.firstSeenAt.set(own, firstSeenAt);
      if (known) known.add(own);
      else classes.set(identifier.namespace, new Set([own]));
    }
  }

  /** Joins the groups of two identifiers, or tells what forbids it. */
  join(one: string, other: string, reach: 0 | 1 | 2): Obstacle | null {
    const [a, b] = [this.drafts.get(one)!, this.drafts.get(other)!];
    if (a === b) return null;
    const obstacle = this.obstacle(a, b, reach);
    if (!obstacle) this.merge(a, b);
    return obstacle;
  }

  /** Notes that an edge touches the groups of its ends; when they differ, it was refused. */
  touch(one: string, other: string, rank: string): void {
    const [a, b] = [this.drafts.get(one)!, this.drafts.get(other)!];
    for (const draft of [a, b]) {
      if (rank > draft.lastRank) draft.lastRank = rank;
      if (a !== b) draft.conflicted = true;
    }
  }

  groups(): Group[] {
    return [...new Set(this.drafts.values())].map((draft) => ({
      keys: draft.keys.sort(compareText),
      size: draft.keys.length,
      known: draft.known,
      tally: Object.fromEntries([...draft.classes].map(([name, set]) => [name, set.size])),
      lastRank: draft.lastRank,
      conflicted: draft.conflicted,
      decided: draft.keys.some((key) => this.word.isDecided(key)),
      policyVersion: this.index.policy.version,
    }));
  }

  private obstacle(a: Draft, b: Draft, reach: 0 | 1 | 2): Obstacle | null {
    if (this.word.keepsApart(a.keys, b.keys)) return { constraint: "CANNOT_LINK", namespace: null };
    const tally: Record<string, number> = {};
    for (const [name, classes] of a.classes) {
      const others = b.classes.get(name);
      if (others) tally[name] = this.count(name, unionOf(classes, others));
    }
    const broken = brokenLimit(tally, this.index);
    if (broken) return broken;
    const sharesDevice = reach > 0 && a.known && b.known;
    return sharesDevice ? { constraint: "SHARED_DEVICE", namespace: null } : null;
  }

  private count(name: string, classes: ReadonlySet<string>): number {
    const namespace = this.index.namespaces.get(name)!;
    return countedValues(
      namespace,
      [...classes].map((own) => this.firstSeenAt.get(own)!),
    );
  }

  private merge(a: Draft, b: Draft): void {
    const [into, from] = a.keys.length >= b.keys.length ? [a, b] : [b, a];
    for (const key of from.keys) {
      into.keys.push(key);
      this.drafts.set(key, into);
    }
    into.known ||= from.known;
    for (const [name, classes] of from.classes) {
      const own = into.classes.get(name);
      into.classes.set(name, own ? unionOf(own, classes) : classes);
    }
  }

  private classOf(key: string): string {
    let root = key;
    for (let next = this.sameValue.get(root); next !== undefined; next = this.sameValue.get(root)) {
      root = next;
    }
    return root;
  }
}

function unionOf(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a, ...b]);
}
