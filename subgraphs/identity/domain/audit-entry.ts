import type {
  ChangeCause,
  IdentifierMove,
  IdentityChangeKind,
} from "../../../kernel/announcements/identity-announcements.ts";

/** What a human's change did to the decisions, so that it can be taken back. */
export interface DecisionStep {
  decisionId: string;
  step: "MADE" | "WITHDRAWN";
}

/** One entry of the audit log: what moved, why, by whom. Never changed, but for `revertedBy`. */
export interface AuditEntry {
  id: string;
  kind: IdentityChangeKind;
  /** Event time of the cause; a human's change: when it was made. ISO 8601. */
  occurredAt: string;
  /** Survivor first. */
  personIds: readonly string[];
  moves: readonly IdentifierMove[];
  redirects: readonly { from: string; to: string }[];
  actor: string | null;
  reason: string | null;
  reverts: string | null;
  revertedBy: string | null;
  decision: DecisionStep | null;
  cause: ChangeCause;
}
