import { problem } from "../../../kernel/errors/problem.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { type Drift, driftSince, heldSince } from "../domain/undoing.ts";
import type { DecidingGraph } from "../store/deciding-graph.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { changesSince } from "./history-of-change.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { isStorable, type SplitOrder, StewardActs } from "./steward-acts.ts";
import { tooLongAgo } from "./steward-problems.ts";
import { type Actor, refused, type RevertResult, type StewardResult } from "./steward-result.ts";

export type { Actor, RevertResult, StewardResult } from "./steward-result.ts";

/** Edges whose facts the check of a revert may look at. */
const edgesMax = 200_000;

/** Merges, splits and reverts by hand; each one unit of work. */
export class Steward {
  private readonly store: IdentityStore;
  private readonly acts: StewardActs;

  constructor(store: IdentityStore, policy: PolicyInForce, clock: Clock) {
    this.store = store;
    this.acts = new StewardActs(policy, clock);
  }

  /** Makes persons one, whatever the rules say; `into` keeps its id. */
  merge(input: { into: string; from: readonly string[] }, actor: Actor): Promise<StewardResult> {
    return this.store.write((graph) => this.acts.merge(graph, input, actor));
  }

  /**
   * Takes identifiers out of a person, for good; evidence that comes later does not bring them
   * back.
   */
  split(order: SplitOrder, actor: Actor): Promise<StewardResult> {
    return this.store.write((graph) => this.acts.split(graph, order, actor));
  }

  /**
   * Takes a change back: withdraws its decision, or decides against what the rules did. Tells what
   * has come since, for which there is no state before the change to go back to.
   */
  revert(input: { change: string }, actor: Actor): Promise<RevertResult> {
    return this.store.write(async (graph) => {
      const entry = isStorable(input.change) ? await graph.auditEntry(input.change) : null;
      if (!entry)
        return refused([problem("CHANGE_UNKNOWN", "There is no such change.", ["change"])]);
      if (entry.revertedBy !== null) {
        const text = "This change has been reverted already.";
        return refused([problem("ALREADY_REVERTED", text, ["change"])]);
      }
      const drift = await driftOf(graph, entry);
      if (!drift) return refused([tooLongAgo("change")]);
      const result = await this.acts.revert(graph, entry, actor);
      if (!result.outcome) return result;
      return { ...result, drift: [...drift, ...heldSince(entry, result.outcome.change, drift)] };
    });
  }
}

/** What has come and gone since a change. Null when that is too much to look at. */
async function driftOf(graph: DecidingGraph, entry: AuditEntry): Promise<Drift[] | null> {
  const ids = [...new Set((await graph.resolvePersonIds(entry.personIds)).values())];
  const own = await graph.identifiersOfPersons(ids);
  const later = await changesSince(graph, entry, ids);
  const keys = own.map(({ key }) => key);
  const component = later && (await graph.loadComponents(keys, edgesMax));
  return later && component ? driftSince(entry, later, own, component.sheets) : null;
}
