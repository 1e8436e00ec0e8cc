import type { IdentityChangeKind } from "../../../kernel/announcements/identity-announcements.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { combineChanges } from "../domain/combine-changes.ts";
import type { Decision } from "../domain/decision.ts";
import type { PolicyIndex } from "../domain/identity-policy.ts";
import type { Undone } from "../domain/name-groups.ts";
import type { PlannedChange } from "../domain/replan.ts";
import type { VerdictNote } from "../domain/review-note.ts";
import { reviewByRules } from "../domain/review-of-plan.ts";
import type { GraphComponent } from "../store/graph-rows.ts";
import type { DecidingGraph } from "../store/deciding-graph.ts";
import { announcementsOf, type ChangeContext } from "./audit-writer.ts";
import { ProfileNotes } from "./profile-notes.ts";
import { recompute } from "./recompute.ts";

/** Edges a human's change may have to look at. */
const edgesMax = 200_000;

/** What a change by hand came to: its audit entry, and the living persons it was about. */
export interface Outcome {
  change: AuditEntry;
  personIds: readonly string[];
}

interface Shape {
  kind: IdentityChangeKind;
  /** Those asked for, the one that should keep its id first. */
  personIds: readonly string[];
  /** The moves of the change that is taken back. */
  undone?: Undone;
  /** What a reviewer said, where that led to it. */
  verdict?: Omit<VerdictNote, "decisionId">;
}

/**
 * One change by hand inside a unit of work: decision, recomputation, one audit entry,
 * announcements.
 */
export class HumanChange {
  private readonly graph: DecidingGraph;
  private readonly index: PolicyIndex;
  private readonly by: {
    at: string;
    actor: { id: string; reason: string };
    reverts: string | null;
  };

  constructor(
    graph: DecidingGraph,
    index: PolicyIndex,
    by: { at: string; actor: { id: string; reason: string }; reverts: string | null },
  ) {
    this.graph = graph;
    this.index = index;
    this.by = by;
  }

  /** Null when it is too large. */
  component(keys: readonly string[]): Promise<GraphComponent | null> {
    return this.graph.loadComponents(keys, edgesMax);
  }

  /** Puts a new decision in force. Null when its components are too large. */
  async decide(decision: Decision, shape: Shape): Promise<Outcome | null> {
    await this.graph.saveDecision(decision);
    return this.follow(decision, "MADE", shape);
  }

  /**
   * As `decide`, but where nobody moves there is no change to speak of, and nothing is announced:
   * the decision stands by itself. Null when its components are too large.
   */
  async decideQuietly(
    decision: Decision,
    shape: Shape,
  ): Promise<{ change: AuditEntry | null } | null> {
    await this.graph.saveDecision(decision);
    return this.enact(decision, "MADE", shape, (changes) =>
      changes.length === 0 ? [] : [combineChanges(changes, shape.kind, shape.personIds)],
    );
  }

  /** Does what follows from a decision that was made or withdrawn. */
  async follow(
    decision: Decision,
    step: "MADE" | "WITHDRAWN",
    shape: Shape,
  ): Promise<Outcome | null> {
    const enacted = await this.enact(decision, step, shape, (changes) => [
      combineChanges(changes, shape.kind, shape.personIds),
    ]);
    if (!enacted) return null;
    const change = enacted.change!;
    const now = await this.graph.resolvePersonIds(change.personIds);
    return { change, personIds: [...new Set(now.values())] };
  }

  private async enact(
    decision: Decision,
    step: "MADE" | "WITHDRAWN",
    shape: Shape,
    combine: (changes: readonly PlannedChange[]) => PlannedChange[],
  ): Promise<{ change: AuditEntry | null } | null> {
    const component = await this.component([...decision.left, ...decision.right]);
    if (!component) return null;
    const { reverts } = this.by;
    const context = this.contextOf(decision, step);
    const verdict = shape.verdict ? { ...shape.verdict, decisionId: decision.id } : null;
    const notes = new ProfileNotes();
    const [change] = await recompute(
      this.graph,
      component,
      this.index,
      notes,
      {
        preferredId: shape.personIds[0] ?? null,
        undone: shape.undone ?? new Map(),
        leaving: new Set(shape.kind === "SPLIT" ? decision.left : []),
        contextOf: () => context,
        newPersonId: () => newId("person"),
        newChangeId: () => newId("change"),
        review: {
          ...reviewByRules,
          decision: { id: decision.id, step },
          verdict,
          reopens: shape.kind !== "SPLIT" || step === "WITHDRAWN",
        },
      },
      combine,
    );
    if (reverts !== null && change) await this.graph.markReverted(reverts, change.id);
    await this.graph.announce(announcementsOf(change ? [change] : [], notes));
    return { change: change ?? null };
  }

  private contextOf(decision: Decision, step: "MADE" | "WITHDRAWN"): ChangeContext {
    const { at, actor, reverts } = this.by;
    return {
      at,
      cause: { messageId: null, eventName: null, rule: null, decision: decision.id },
      actor: actor.id,
      reason: actor.reason,
      reverts,
      decision: { decisionId: decision.id, step },
    };
  }
}
