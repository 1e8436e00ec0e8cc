import type { Problem } from "../../../kernel/errors/problem.ts";
import type { Drift } from "../domain/undoing.ts";
import type { Outcome } from "./human-change.ts";

/** Who does it and why; both stand in the audit entry. */
export interface Actor {
  id: string;
  reason: string;
}

/** What a change by hand came to, or why it was refused. */
export type StewardResult =
  | { outcome: Outcome; problems: [] }
  | { outcome: null; problems: Problem[] };

/** What taking a change back came to, and how it differs from what was before the change. */
export type RevertResult =
  | { outcome: Outcome; problems: []; drift: Drift[] }
  | { outcome: null; problems: Problem[]; drift?: never };

export function refused(problems: Problem[]): { outcome: null; problems: Problem[] } {
  return { outcome: null, problems };
}
