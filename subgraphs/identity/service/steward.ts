import { newId } from "../../../kernel/ids/new-id.ts";
import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { type Decision, decisionMembersMax } from "../domain/decision.ts";
import { mergeSide, splitSides } from "../domain/decision-sides.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { IdentityGraph, IdentityStore } from "../store/identity-store.ts";
import { HumanChange, type Outcome } from "./human-change.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { mergeProblems, notRevertible, tooLarge, unknownPerson } from "./steward-problems.ts";

/** Identifiers that one split may name. */
export const splitIdentifiersMax = 500;

/** Who does it and why; both stand in the audit entry. */
export interface Actor {
  id: string;
  reason: string;
}

export type StewardResult =
  | { outcome: Outcome; problems: [] }
  | { outcome: null; problems: Problem[] };

/** Identifiers of a person that leave it. */
interface Part {
  personId: string;
  own: readonly KnownIdentifier[];
  named: ReadonlySet<string>;
  formerIds?: ReadonlyMap<string, string>;
}

/** Merges, splits and reverts by hand: decisions, and the same recomputation as for events. */
export class Steward {
  private readonly store: IdentityStore;
  private readonly clock: Clock;
  private readonly policy: PolicyInForce;

  constructor(store: IdentityStore, policy: PolicyInForce, clock: Clock) {
    this.store = store;
    this.clock = clock;
    this.policy = policy;
  }

  /** Makes persons one, whatever the rules say; `into` keeps its id. */
  merge(input: { into: string; from: readonly string[] }, actor: Actor): Promise<StewardResult> {
    return this.store.write(async (graph) => {
      const ids = await graph.resolvePersonIds([input.into, ...input.from]);
      const problems = mergeProblems(input, ids);
      if (problems.length > 0) return refused(problems);
      const into = ids.get(input.into)!;
      const from = [...new Set(input.from.map((id) => ids.get(id)!))];
      const members = await graph.identifiersOfPersons([into, ...from]);
      const persons = [...Map.groupBy(members, ({ personId }) => personId).values()];
      const change = this.change(graph, actor);
      const component = await change.component(members.map(({ key }) => key));
      const left = component ? mergeSide(persons, component.decisions, this.policy.current()) : [];
      if (!component || left.length > decisionMembersMax) return refused([tooLarge("from")]);
      const decision = this.decision("MUST_LINK", left, [], actor);
      return done(await change.decide(decision, { kind: "MERGE", personIds: [into, ...from] }));
    });
  }

  /**
   * Takes identifiers out of a person, for good; evidence that comes later does not bring them
   * back.
   */
  split(
    input: { person: string; identifiers: readonly RawIdentifier[] },
    actor: Actor,
  ): Promise<StewardResult> {
    return this.store.write(async (graph) => {
      const ids = await graph.resolvePersonIds([input.person]);
      const personId = ids.get(input.person);
      if (!personId) return refused([unknownPerson(["person"])]);
      const own = await graph.identifiersOfPersons([personId]);
      const { named, problems } = this.named(input.identifiers, own);
      if (problems.length > 0) return refused(problems);
      return this.takeOut(graph, { personId, own, named }, actor, null);
    });
  }

  /** Takes a change back: withdraws its decision, or decides against what the rules did. */
  revert(input: { change: string }, actor: Actor): Promise<StewardResult> {
    return this.store.write(async (graph) => {
      const entry = await graph.auditEntry(input.change);
      if (!entry)
        return refused([problem("CHANGE_UNKNOWN", "There is no such change.", ["change"])]);
      if (entry.revertedBy !== null) {
        const text = "This change has been reverted already.";
        return refused([problem("ALREADY_REVERTED", text, ["change"])]);
      }
      if (entry.decision) return this.withdraw(graph, entry, actor);
      if (entry.kind === "MERGE" || entry.kind === "LINK")
        return this.undoJoin(graph, entry, actor);
      if (entry.kind === "SPLIT" || entry.kind === "UNLINK") {
        return this.undoParting(graph, entry, actor);
      }
      return refused([notRevertible("A change of this kind cannot be reverted.")]);
    });
  }

  private async withdraw(graph: IdentityGraph, entry: AuditEntry, actor: Actor) {
    const { decisionId, step } = entry.decision!;
    const change = this.change(graph, actor, entry.id);
    const inForce = step === "WITHDRAWN";
    const decision = await graph.setDecisionInForce(decisionId, inForce);
    if (!decision) return refused([notRevertible("Its decision is no more.")]);
    const isMerge = (decision.kind === "MUST_LINK") === inForce;
    const kind = isMerge ? "MERGE" : "SPLIT";
    const shape = { kind, personIds: entry.personIds, formerIds: formerIds(entry) } as const;
    return done(await change.follow(decision, inForce ? "MADE" : "WITHDRAWN", shape));
  }

  /** What the rules joined is taken apart: the identifiers that came leave again. */
  private async undoJoin(graph: IdentityGraph, entry: AuditEntry, actor: Actor) {
    const ids = await graph.resolvePersonIds([entry.personIds[0]!]);
    const personId = ids.get(entry.personIds[0]!);
    const own = personId ? await graph.identifiersOfPersons([personId]) : [];
    const moved = new Set(entry.moves.map(identifierKey));
    const named = new Set(own.filter(({ key }) => moved.has(key)).map(({ key }) => key));
    if (!personId || named.size === 0 || named.size === own.length) {
      return refused([notRevertible("What this change joined is no longer one person.")]);
    }
    return this.takeOut(
      graph,
      { personId, own, named, formerIds: formerIds(entry) },
      actor,
      entry.id,
    );
  }

  private async undoParting(graph: IdentityGraph, entry: AuditEntry, actor: Actor) {
    const ids = await graph.resolvePersonIds(entry.personIds);
    const [into, ...from] = new Set(ids.values());
    if (!into || from.length === 0) return refused([notRevertible("They are one person again.")]);
    const members = await graph.identifiersOfPersons([into, ...from]);
    const change = this.change(graph, actor, entry.id);
    const component = await change.component(members.map(({ key }) => key));
    const persons = [...Map.groupBy(members, ({ personId }) => personId).values()];
    const left = component ? mergeSide(persons, component.decisions, this.policy.current()) : [];
    if (!component || left.length > decisionMembersMax) return refused([tooLarge("change")]);
    const decision = this.decision("MUST_LINK", left, [], actor);
    return done(await change.decide(decision, { kind: "MERGE", personIds: [into, ...from] }));
  }

  private async takeOut(
    graph: IdentityGraph,
    part: Part,
    actor: Actor,
    reverts: string | null,
  ): Promise<StewardResult> {
    const { left, right } = splitSides(part.named, part.own);
    if (left.length + right.length > decisionMembersMax) return refused([tooLarge("identifiers")]);
    const change = this.change(graph, actor, reverts);
    const decision = this.decision("CANNOT_LINK", left, right, actor);
    return done(
      await change.decide(decision, {
        kind: "SPLIT",
        personIds: [part.personId],
        ...(part.formerIds && { formerIds: part.formerIds }),
      }),
    );
  }

  private named(raw: readonly RawIdentifier[], own: readonly KnownIdentifier[]) {
    const ownKeys = new Set(own.map(({ key }) => key));
    const problems: Problem[] = [];
    const named = new Set<string>();
    raw.forEach((each, place) => {
      const key = this.policy.identifiers.read(each).identifier?.key;
      if (key !== undefined && ownKeys.has(key)) named.add(key);
      else {
        const text = "This identifier is not one of the person's.";
        problems.push(problem("IDENTIFIER_NOT_OF_PERSON", text, ["identifiers", place]));
      }
    });
    if (raw.length === 0 || raw.length > splitIdentifiersMax) {
      const text = `Name 1 to ${splitIdentifiersMax} identifiers.`;
      problems.push(problem("IDENTIFIERS_COUNT", text, ["identifiers"]));
    } else if (problems.length === 0 && named.size === own.length) {
      const text = "These are all identifiers of the person: nothing would be left.";
      problems.push(problem("NOTHING_LEFT", text, ["identifiers"]));
    }
    return { named, problems };
  }

  private decision(
    kind: Decision["kind"],
    left: string[],
    right: string[],
    actor: Actor,
  ): Decision {
    const madeAt = this.clock.now().toISOString();
    return {
      id: newId("decision"),
      kind,
      left,
      right,
      madeAt,
      actor: actor.id,
      reason: actor.reason,
    };
  }

  private change(graph: IdentityGraph, actor: Actor, reverts: string | null = null): HumanChange {
    const at = this.clock.now().toISOString();
    return new HumanChange(graph, this.policy.current(), { at, actor, reverts });
  }
}

/** The person that each identifier had before a change. */
function formerIds({ moves }: AuditEntry): Map<string, string> {
  return new Map(
    moves.flatMap(({ namespace, value, from }) =>
      from === null ? [] : [[identifierKey({ namespace, value }), from] as const],
    ),
  );
}

function refused(problems: Problem[]): StewardResult {
  return { outcome: null, problems };
}

function done(outcome: Outcome | null): StewardResult {
  return outcome ? { outcome, problems: [] } : refused([tooLarge("input")]);
}
