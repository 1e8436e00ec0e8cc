import type { Decision } from "./decision.ts";
import { compareText, type Evidence, pairOf } from "./evidence.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import type { Identifier, Normalised } from "./normalise-identifier.ts";
import { type EvidenceGraph, partition, type Refusal } from "./partition.ts";
import type { KnownIdentifier } from "./person-state.ts";
import { strongestPath } from "./strongest-path.ts";

/** One step of the way from one identifier to the other. */
export interface PathStep {
  from: Identifier;
  to: Identifier;
  evidence: Evidence;
}

export interface RefusalText {
  constraint: string;
  message: string;
}

export interface Explanation {
  samePerson: boolean;
  /** Of the path: its weakest tie; null for two persons. */
  confidence: number | null;
  path: PathStep[];
  /** Why they are two persons; empty for one. */
  refusals: RefusalText[];
}

/** Those of two identifiers that resolution does not know, and why. */
export function unknownSides(
  sides: readonly Normalised[],
  known: ReadonlyMap<string, KnownIdentifier>,
): RefusalText[] {
  return sides.flatMap(({ identifier, dropped }, place) => {
    const side = place === 0 ? "left" : "right";
    if (dropped === "UNKNOWN_NAMESPACE") {
      return [
        {
          constraint: dropped,
          message: `The policy has no namespace as on the ${side}.`,
        },
      ];
    }
    if (dropped) {
      const message = `The value on the ${side} identifies nobody: it is blocked or malformed.`;
      return [
        {
          constraint: dropped === "BLOCKED" ? "BLOCKED_VALUE" : "MALFORMED_VALUE",
          message,
        },
      ];
    }
    if (known.has(identifier.key)) return [];
    const message = `The identifier on the ${side} was never seen.`;
    return [{ constraint: "UNKNOWN_IDENTIFIER", message }];
  });
}

type Surroundings = Omit<EvidenceGraph, "generic" | "identifiers"> & {
  identifiers: readonly KnownIdentifier[];
};

/**
 * Tells from the evidence around two known identifiers why they are one person, or what keeps them
 * two. What nobody says any more (count 0) ties nobody.
 */
export function explain(
  from: KnownIdentifier,
  to: KnownIdentifier,
  around: Surroundings,
  index: PolicyIndex,
): Explanation {
  const identifiers = new Map(around.identifiers.map((each) => [each.key, each]));
  const ties = [...around.evidence, ...tiesOfDecisions(around.decisions, identifiers)].filter(
    ({ low, high, count }) => count > 0 && identifiers.has(low) && identifiers.has(high),
  );
  if (from.personId === to.personId) {
    const personOf = (key: string) => identifiers.get(key)!.personId;
    const own = ties.filter(
      (tie) => personOf(tie.low) === from.personId && personOf(tie.high) === from.personId,
    );
    const path = strongestPath(from.key, to.key, own) ?? [];
    const confidence = path.reduce((least, tie) => Math.min(least, tie.confidence), 1);
    return { samePerson: true, confidence, path: steps(from, path, identifiers), refusals: [] };
  }
  const generic = new Map(
    around.identifiers.filter((each) => each.generic).map((each) => [each.key, each]),
  );
  const { groups, refusals } = partition({ ...around, generic: new Set(generic.keys()) }, index);
  const groupOf = new Map(
    groups.flatMap((group) => group.keys.map((key) => [key, group] as const)),
  );
  const path = strongestPath(from.key, to.key, ties) ?? [];
  const onTheWay = new Set(path);
  const between = refusals.filter(({ evidence }) => {
    const sides = [groupOf.get(evidence.low), groupOf.get(evidence.high)];
    const isBetween = sides.includes(groupOf.get(from.key)) && sides.includes(groupOf.get(to.key));
    return isBetween || onTheWay.has(evidence);
  });
  return {
    samePerson: false,
    confidence: null,
    path: [],
    refusals: refusalTexts(between, path, generic, around, index, [from, to]),
  };
}

function refusalTexts(
  between: readonly Refusal[],
  path: readonly Evidence[],
  generic: ReadonlyMap<string, KnownIdentifier>,
  { decisions }: Surroundings,
  index: PolicyIndex,
  sides: readonly KnownIdentifier[],
): RefusalText[] {
  const texts = new Map<string, RefusalText>();
  const say = (constraint: string, message: string) =>
    void texts.set(`${constraint} ${message}`, { constraint, message });
  for (const { constraint, namespace } of between)
    say(constraint, messageOf(constraint, namespace, index));
  const onTheWay = [
    ...path.flatMap(({ low, high }) => [low, high]),
    ...sides.map(({ key }) => key),
  ];
  for (const key of onTheWay) {
    const value = generic.get(key);
    if (value) say(...genericText(value));
  }
  if (path.some(({ confidence }) => confidence < index.policy.highFrom)) {
    say("LOW_CONFIDENCE", "The evidence between them is not sure enough to join.");
  }
  if (decisions.some((decision) => parts(decision, sides))) {
    say("CANNOT_LINK", messageOf("CANNOT_LINK", null, index));
  }
  if (texts.size === 0) say("NO_EVIDENCE", "No evidence ties the two.");
  return [...texts.values()];
}

function genericText({ namespace, genericCause }: KnownIdentifier): [string, string] {
  switch (genericCause) {
    case "BLOCKED_VALUE":
      return ["BLOCKED_VALUE", `A value of ${namespace} between them is blocked: it names nobody.`];
    case "OVERSIZE_COMPONENT":
      return [
        "OVERSIZE_COMPONENT",
        `A value of ${namespace} between them held more together than may hang together: ` +
          "it joins nobody since.",
      ];
    default:
      return [
        "GENERIC_VALUE",
        "A value between them is used by too many people to tell who somebody is.",
      ];
  }
}

function parts({ kind, left, right }: Decision, [one, other]: readonly KnownIdentifier[]): boolean {
  if (kind !== "CANNOT_LINK") return false;
  const [a, b] = [one!.key, other!.key];
  return (left.includes(a) && right.includes(b)) || (left.includes(b) && right.includes(a));
}

/** What a constraint says, in words. */
export function messageOf(
  constraint: string,
  namespace: string | null,
  { namespaces }: PolicyIndex,
): string {
  const within = namespaces.get(namespace ?? "")?.limitWithin ?? null;
  switch (constraint) {
    case "CANNOT_LINK":
      return "Somebody decided that they are two persons.";
    case "EXCLUSIVE_NAMESPACE":
      return `Each side has a ${namespace} of its own, and one person has only one.`;
    case "NAMESPACE_LIMIT":
      return (
        `Together they would have more values of ${namespace} than one person may have` +
        `${within === null ? "" : ` within ${within}`}.`
      );
    default:
      return "Both were known persons when they used the same device; a device never joins two.";
  }
}

/** Human word as ties, so that it can stand on a path; the same in whatever order it names its own. */
function tiesOfDecisions(
  decisions: readonly Decision[],
  identifiers: ReadonlyMap<string, KnownIdentifier>,
): Evidence[] {
  return decisions.flatMap((decision) =>
    [decision.left, decision.right].flatMap((side) => {
      const sorted = [...side].sort(compareText);
      const [first, ...others] = sorted.flatMap((key) => identifiers.get(key) ?? []);
      return others.map((other) => ({
        ...pairOf(first!, other),
        rule: decision.kind === "MUST_LINK" ? "must_link" : "split_together",
        method: "HUMAN" as const,
        confidence: 1,
        firstSeenAt: decision.madeAt,
        lastSeenAt: decision.madeAt,
        count: 1,
        sources: [],
        messages: [],
        lastPosition: 0,
      }));
    }),
  );
}

function steps(
  from: Identifier,
  path: readonly Evidence[],
  identifiers: ReadonlyMap<string, Identifier>,
): PathStep[] {
  let at = from;
  return path.map((evidence) => {
    const to = identifiers.get(evidence.low === at.key ? evidence.high : evidence.low)!;
    const step = { from: at, to, evidence };
    at = to;
    return step;
  });
}
