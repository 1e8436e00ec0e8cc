import type { IdentityChangeKind } from "../../../kernel/announcements/identity-announcements.ts";
import type { PlannedChange } from "./replan.ts";

/**
 * What a human did is one change, however many moves it takes: all planned changes as one, of the
 * kind asked for, with the persons in the order in which they appear.
 */
export function combineChanges(
  changes: readonly PlannedChange[],
  kind: IdentityChangeKind,
  personIds: readonly string[],
): PlannedChange {
  return {
    kind,
    personIds: [...new Set([...personIds, ...changes.flatMap((change) => change.personIds)])],
    moves: changes.flatMap(({ moves }) => moves),
    redirects: changes.flatMap(({ redirects }) => redirects),
  };
}
