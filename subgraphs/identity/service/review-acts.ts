import { newId } from "../../../kernel/ids/new-id.ts";
import type { Problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { type Decision, decisionMembersMax } from "../domain/decision.ts";
import { standingKeys } from "../domain/decision-sides.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { ReviewItem } from "../domain/review-item.ts";
import { emptyReviewNote, type VerdictNote } from "../domain/review-note.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import { HumanChange } from "./human-change.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { overtaken } from "./review-problems.ts";
import type { StewardActs } from "./steward-acts.ts";
import { tooLarge } from "./steward-problems.ts";
import type { Actor } from "./steward-result.ts";

interface Said {
  change: AuditEntry | null;
  problems: Problem[];
}

/** The two sides of an item as the graph has them. */
interface Sides {
  identifiers: readonly [KnownIdentifier, KnownIdentifier];
  /** Its two persons, the one that was there first in front; once where they are one. */
  personIds: readonly string[];
  /** Items about these two persons. */
  itemIds: readonly string[];
}

/** What a verdict does, inside one unit of work. */
export class ReviewActs {
  private readonly steward: StewardActs;
  private readonly policy: PolicyInForce;
  private readonly clock: Clock;

  constructor(steward: StewardActs, policy: PolicyInForce, clock: Clock) {
    this.steward = steward;
    this.policy = policy;
    this.clock = clock;
  }

  /** They are one person. Of a sample it is only noted: they are already. */
  async approve(graph: IdentityGraph, items: readonly ReviewItem[], actor: Actor): Promise<Said> {
    const sides = await sidesOf(graph, items);
    if (!sides) return { change: null, problems: [overtaken()] };
    const [into, ...from] = sides.personIds;
    const verdict = this.verdict("APPROVE", sides, actor);
    if (from.length === 0) {
      await graph.noteForReview({ ...emptyReviewNote, verdict: { ...verdict, decisionId: null } });
      await graph.announce([]);
      return { change: null, problems: [] };
    }
    const { outcome, problems } = await this.steward.merge(graph, { into: into!, from }, actor);
    if (!outcome) return { change: null, problems };
    const decisionId = outcome.change.decision!.decisionId;
    await graph.noteForReview({ ...emptyReviewNote, verdict: { ...verdict, decisionId } });
    return { change: outcome.change, problems: [] };
  }

  /** They are two persons, whatever evidence or model may say. */
  async reject(graph: IdentityGraph, items: readonly ReviewItem[], actor: Actor): Promise<Said> {
    const sides = await sidesOf(graph, items);
    if (!sides) return { change: null, problems: [overtaken()] };
    const at = this.clock.now().toISOString();
    const change = new HumanChange(graph, this.policy.current(), { at, actor, reverts: null });
    const { left, right } = await this.apart(graph, sides);
    if (!(await change.component([...left, ...right]))) {
      return { change: null, problems: [tooLarge("item")] };
    }
    const decision: Decision = {
      id: newId("decision"),
      kind: "CANNOT_LINK",
      left,
      right,
      madeAt: at,
      actor: actor.id,
      reason: actor.reason,
    };
    const done = await change.decideQuietly(decision, {
      kind: "SPLIT",
      personIds: sides.personIds,
      verdict: this.verdict("REJECT", sides, actor),
    });
    return { change: done!.change, problems: [] };
  }

  /**
   * Whom a decision has to name so that the two stay two: all that stands for each person. Of one
   * person (a sample) only the two sides: the rest follows its evidence.
   */
  private async apart(
    graph: IdentityGraph,
    { identifiers, personIds }: Sides,
  ): Promise<{ left: string[]; right: string[] }> {
    const [one, other] = identifiers;
    const own = { left: [one.key], right: [other.key] };
    if (personIds.length < 2) return one.firstSeenAt > other.firstSeenAt ? own : turned(own);
    const members = await graph.identifiersOfPersons(personIds);
    const sideOf = (side: KnownIdentifier) => {
      const mine = members.filter(({ personId }) => personId === side.personId);
      const standing = standingKeys(mine, this.policy.current());
      return [...new Set(side.kind === "PERSON" ? [side.key, ...standing] : standing)];
    };
    const whole = { left: sideOf(one), right: sideOf(other) };
    return whole.left.length + whole.right.length > decisionMembersMax ? own : whole;
  }

  private verdict(
    verdict: VerdictNote["verdict"],
    { itemIds }: Sides,
    actor: Actor,
  ): Omit<VerdictNote, "decisionId"> {
    const decidedAt = this.clock.now().toISOString();
    return { itemIds, verdict, decidedBy: actor.id, decidedAt, reason: actor.reason };
  }
}

/** Null when the item's question does not arise any more. */
async function sidesOf(
  graph: IdentityGraph,
  [item, ...fellows]: readonly ReviewItem[],
): Promise<Sides | null> {
  const keys = [...new Set([item!, ...fellows].flatMap(({ sides }) => sides))];
  const nothing = { evidence: [], sheets: [], groupIds: [] };
  const known = await graph.load({ identifierKeys: keys, ...nothing });
  const byKey = new Map(known.identifiers.map((each) => [each.key, each]));
  const createdAt = new Map(known.persons.map((person) => [person.id, person.createdAt]));
  const [one, other] = item!.sides.map((key) => byKey.get(key));
  if (!one?.personId || !other?.personId) return null;
  if ((one.personId === other.personId) !== (item!.cause === "SAMPLE")) return null;
  const personIds = [...new Set([one.personId, other.personId])].sort((a, b) =>
    `${createdAt.get(a)} ${a}` < `${createdAt.get(b)} ${b}` ? -1 : 1,
  );
  const isSame = ({ sides }: ReviewItem) => {
    const persons = sides.map((key) => byKey.get(key)?.personId);
    return persons[0] !== persons[1] && persons.every((id) => id && personIds.includes(id));
  };
  const itemIds = [item!.id, ...fellows.filter(isSame).map(({ id }) => id)];
  return { identifiers: [one, other], personIds, itemIds };
}

function turned({ left, right }: { left: string[]; right: string[] }) {
  return { left: right, right: left };
}
