import { newId } from "../../../kernel/ids/new-id.ts";
import type { Problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { ReviewItem, ReviewVerdict } from "../domain/review-item.ts";
import type { IdentityGraph, IdentityStore } from "../store/identity-store.ts";
import type { ReviewItems } from "../store/review-items.ts";
import * as problems from "./review-problems.ts";
import type { ReviewActs } from "./review-acts.ts";
import type { Actor } from "./steward-result.ts";

/** How long a reviewer's verdict may be under way before somebody else may give one. */
const claimMs = 60_000;

export interface VerdictInput {
  item: string;
  verdict: ReviewVerdict;
  deferUntil: Date | null;
}

export interface VerdictResult {
  item: ReviewItem | null;
  /** Null when no person changed. */
  change: AuditEntry | null;
  problems: Problem[];
}

/** Where reviewers sit: verdicts and assignments. */
export class ReviewDesk {
  private readonly store: IdentityStore;
  private readonly items: ReviewItems;
  private readonly acts: ReviewActs;
  private readonly clock: Clock;

  constructor(store: IdentityStore, items: ReviewItems, acts: ReviewActs, clock: Clock) {
    this.store = store;
    this.items = items;
    this.acts = acts;
    this.clock = clock;
  }

  /**
   * A human's word on an item. It is a decision, which beats rules and models for good; items that
   * ask about the same two persons are answered with it.
   */
  async match(input: VerdictInput, actor: Actor): Promise<VerdictResult> {
    const item = await this.items.find(input.item);
    const found = problems.verdictProblems(input, item, this.clock.now());
    if (!item || found.length > 0) return { item: null, change: null, problems: found };
    const fellows = await this.items.fellows(item);
    if (input.verdict === "DEFER") return this.defer(fellows, input.deferUntil, actor);
    const claim = newId("claim");
    const ids = fellows.map((each) => each.id);
    try {
      if (!(await this.items.claim(ids, claim, this.clock.now(), claimMs))) {
        return { item: null, change: null, problems: [await this.whyNotClaimed(item.id)] };
      }
      const { verdict } = input;
      const said = await this.store.write((graph) => this.say(graph, verdict, fellows, actor));
      if (said.problems.length > 0) return { item: null, ...said };
      return { item: await this.items.find(item.id), ...said };
    } finally {
      await this.items.release(ids, claim);
    }
  }

  /** Gives an item, with all that ask the same, to somebody, or to nobody. */
  async assign(
    id: string,
    assignee: string | null,
  ): Promise<{ item: ReviewItem | null; problems: Problem[] }> {
    const item = await this.items.find(id);
    const found = problems.assignProblems(item, assignee);
    if (!item || found.length > 0) return { item: null, problems: found };
    const fellows = await this.items.fellows(item);
    await this.items.assign(
      fellows.map((each) => each.id),
      assignee?.trim() ?? null,
    );
    return { item: await this.items.find(id), problems: [] };
  }

  private say(
    graph: IdentityGraph,
    verdict: "APPROVE" | "REJECT",
    items: readonly ReviewItem[],
    actor: Actor,
  ): Promise<Omit<VerdictResult, "item">> {
    return verdict === "APPROVE"
      ? this.acts.approve(graph, items, actor)
      : this.acts.reject(graph, items, actor);
  }

  private async defer(
    items: readonly ReviewItem[],
    until: Date | null,
    actor: Actor,
  ): Promise<VerdictResult> {
    await this.items.defer(
      items.map(({ id }) => id),
      {
        decidedBy: actor.id,
        decidedAt: this.clock.now().toISOString(),
        reason: actor.reason,
        until: until?.toISOString() ?? null,
      },
    );
    return { item: await this.items.find(items[0]!.id), change: null, problems: [] };
  }

  private async whyNotClaimed(id: string): Promise<Problem> {
    const now = await this.items.find(id);
    return problems.notOpen(now) ?? problems.busy();
  }
}
