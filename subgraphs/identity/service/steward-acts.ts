import { newId } from "../../../kernel/ids/new-id.ts";
import { problem } from "../../../kernel/errors/problem.ts";
import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { type Decision, decisionMembersMax } from "../domain/decision.ts";
import { mergeSide, splitSides } from "../domain/decision-sides.ts";
import type { Undone } from "../domain/name-groups.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import { partsByChange } from "../domain/undoing.ts";
import type { DecidingGraph } from "../store/deciding-graph.ts";
import { changesSince } from "./history-of-change.ts";
import { HumanChange, type Outcome } from "./human-change.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import {
  identifiersOfSplit,
  mergeProblems,
  notABeginning,
  notRevertible,
  tooLarge,
  unknownPerson,
} from "./steward-problems.ts";
import { type Actor, refused, type StewardResult } from "./steward-result.ts";

/** Which identifiers leave a person: these, or those that a change brought. Exactly one of them. */
export interface SplitOrder {
  person: string;
  identifiers?: readonly RawIdentifier[] | null | undefined;
  before?: string | null | undefined;
}

/** Identifiers of a person that leave it. */
interface Part {
  personId: string;
  own: readonly KnownIdentifier[];
  named: ReadonlySet<string>;
  /** What is known to be the other side; what is of neither follows its evidence. */
  staying?: readonly KnownIdentifier[];
  undone?: Undone;
}

/**
 * What a steward does, inside one unit of work: decisions, and the same recomputation as for
 * events. The unit may be a rehearsal.
 */
export class StewardActs {
  private readonly clock: Clock;
  private readonly policy: PolicyInForce;

  constructor(policy: PolicyInForce, clock: Clock) {
    this.clock = clock;
    this.policy = policy;
  }

  /** Makes persons one, whatever the rules say; `into` keeps its id. */
  async merge(
    graph: DecidingGraph,
    input: { into: string; from: readonly string[] },
    actor: Actor,
  ): Promise<StewardResult> {
    const ids = await graph.resolvePersonIds([input.into, ...input.from].filter(isStorable));
    const problems = mergeProblems(input, ids);
    if (problems.length > 0) return refused(problems);
    const into = ids.get(input.into)!;
    const from = [...new Set(input.from.map((id) => ids.get(id)!))];
    return this.makeOne(graph, { personIds: [into, ...from], field: "from" }, actor, null);
  }

  /**
   * Takes identifiers out of a person, for good; evidence that comes later does not bring them
   * back.
   */
  async split(graph: DecidingGraph, order: SplitOrder, actor: Actor): Promise<StewardResult> {
    const ids = await graph.resolvePersonIds([order.person].filter(isStorable));
    const personId = ids.get(order.person);
    if (!personId) return refused([unknownPerson(["person"])]);
    const own = await graph.identifiersOfPersons([personId]);
    const { identifiers, before } = order;
    if (Boolean(identifiers) === Boolean(before)) {
      const text = "Name identifiers, or a change that brought them: exactly one of the two.";
      return refused([problem("EXACTLY_ONE", text, ["identifiers"])]);
    }
    if (before) return this.splitBefore(graph, { personId, own, change: before }, actor);
    const read = (raw: RawIdentifier) => this.policy.identifiers.read(raw).identifier?.key;
    const { named, problems } = identifiersOfSplit(identifiers!, own, read);
    if (problems.length > 0) return refused(problems);
    return this.takeOut(graph, { personId, own, named }, actor, null);
  }

  /** Takes a change back: withdraws its decision, or decides against what the rules did. */
  revert(graph: DecidingGraph, entry: AuditEntry, actor: Actor): Promise<StewardResult> {
    if (entry.decision) return this.withdraw(graph, entry, actor);
    if (entry.kind === "MERGE" || entry.kind === "LINK") return this.undoJoin(graph, entry, actor);
    if (entry.kind === "SPLIT" || entry.kind === "UNLINK") {
      return this.undoParting(graph, entry, actor);
    }
    const text = "A change of this kind cannot be reverted.";
    return Promise.resolve(refused([notRevertible(text)]));
  }

  private async withdraw(graph: DecidingGraph, entry: AuditEntry, actor: Actor) {
    const { decisionId, step } = entry.decision!;
    const change = this.change(graph, actor, entry.id);
    const inForce = step === "WITHDRAWN";
    const decision = await graph.setDecisionInForce(decisionId, inForce);
    if (!decision) return refused([notRevertible("Its decision is no more.")]);
    const isMerge = (decision.kind === "MUST_LINK") === inForce;
    const kind = isMerge ? "MERGE" : "SPLIT";
    const shape = { kind, personIds: entry.personIds, undone: movesOf(entry) } as const;
    return done(await change.follow(decision, inForce ? "MADE" : "WITHDRAWN", shape));
  }

  /** What the rules joined is taken apart: the identifiers that came leave again. */
  private async undoJoin(graph: DecidingGraph, entry: AuditEntry, actor: Actor) {
    const ids = await graph.resolvePersonIds([entry.personIds[0]!]);
    const personId = ids.get(entry.personIds[0]!);
    const own = personId ? await graph.identifiersOfPersons([personId]) : [];
    const part = personId ? await this.partOf(graph, { personId, own }, entry) : null;
    if (!part) {
      return refused([notRevertible("What this change joined is no longer one person.")]);
    }
    return this.takeOut(graph, part, actor, entry.id);
  }

  private async splitBefore(
    graph: DecidingGraph,
    of: { personId: string; own: readonly KnownIdentifier[]; change: string },
    actor: Actor,
  ): Promise<StewardResult> {
    const entry = isStorable(of.change) ? await graph.auditEntry(of.change) : null;
    const about = entry ? await graph.resolvePersonIds(entry.personIds) : new Map();
    const isAbout = [...about.values()].includes(of.personId);
    if (!entry || !isAbout) {
      const text = "There is no such change of this person.";
      return refused([problem("CHANGE_UNKNOWN", text, ["before"])]);
    }
    const part = await this.partOf(graph, of, entry);
    return part ? this.takeOut(graph, part, actor, null) : refused([notABeginning()]);
  }

  /** What a change brought into a person, as far as it is there; null when nothing would leave. */
  private async partOf(
    graph: DecidingGraph,
    { personId, own }: { personId: string; own: readonly KnownIdentifier[] },
    entry: AuditEntry,
  ): Promise<Part | null> {
    const later = await changesSince(graph, entry, [personId]);
    if (!later) return null;
    const { brought, present, since } = partsByChange(entry, later, own);
    const staying = present.length > 0 ? present : since;
    if (brought.length === 0 || staying.length === 0) return null;
    const named = new Set(brought.map(({ key }) => key));
    return { personId, own, named, staying, undone: movesOf(entry) };
  }

  private async undoParting(graph: DecidingGraph, entry: AuditEntry, actor: Actor) {
    const ids = await graph.resolvePersonIds(entry.personIds);
    const personIds = [...new Set(ids.values())];
    if (personIds.length < 2) return refused([notRevertible("They are one person again.")]);
    return this.makeOne(graph, { personIds, field: "change" }, actor, entry.id);
  }

  private async makeOne(
    graph: DecidingGraph,
    { personIds, field }: { personIds: readonly string[]; field: string },
    actor: Actor,
    reverts: string | null,
  ): Promise<StewardResult> {
    const members = await graph.identifiersOfPersons(personIds);
    const persons = [...Map.groupBy(members, ({ personId }) => personId).values()];
    const change = this.change(graph, actor, reverts);
    const component = await change.component(members.map(({ key }) => key));
    const left = component ? mergeSide(persons, component.decisions, this.policy.current()) : [];
    if (!component || left.length > decisionMembersMax) return refused([tooLarge(field)]);
    const decision = this.decision("MUST_LINK", left, [], actor);
    return done(await change.decide(decision, { kind: "MERGE", personIds }));
  }

  private async takeOut(
    graph: DecidingGraph,
    part: Part,
    actor: Actor,
    reverts: string | null,
  ): Promise<StewardResult> {
    const { left, right } = splitSides(part.named, part.staying ?? part.own);
    if (left.length + right.length > decisionMembersMax) return refused([tooLarge("identifiers")]);
    const change = this.change(graph, actor, reverts);
    const decision = this.decision("CANNOT_LINK", left, right, actor);
    return done(
      await change.decide(decision, {
        kind: "SPLIT",
        personIds: [part.personId],
        ...(part.undone && { undone: part.undone }),
      }),
    );
  }

  private decision(
    kind: Decision["kind"],
    left: string[],
    right: string[],
    { id: actor, reason }: Actor,
  ): Decision {
    const madeAt = this.clock.now().toISOString();
    return { id: newId("decision"), kind, left, right, madeAt, actor, reason };
  }

  private change(graph: DecidingGraph, actor: Actor, reverts: string | null): HumanChange {
    const at = this.clock.now().toISOString();
    return new HumanChange(graph, this.policy.current(), { at, actor, reverts });
  }
}

/** No engine is asked for an id that none can hold: nobody has it. */
export function isStorable(id: string): boolean {
  return id.isWellFormed() && !id.includes("\u0000");
}

/** What a change moved from one person to another. */
function movesOf({ moves }: AuditEntry): Undone {
  return new Map(
    moves.flatMap(({ namespace, value, from, to }) =>
      from === null ? [] : [[identifierKey({ namespace, value }), { from, to }] as const],
    ),
  );
}

function done(outcome: Outcome | null): StewardResult {
  return outcome ? { outcome, problems: [] } : refused([tooLarge("input")]);
}
