import type { Row } from "../../../kernel/database/database.ts";
import type {
  FieldWeight,
  ReviewCause,
  ReviewItem,
  ReviewState,
  ReviewVerdict,
} from "../domain/review-item.ts";

export const reviewColumns =
  "i.id, i.cause, i.low_key, i.high_key, i.low_person, i.high_person, i.probability, i.weights, " +
  "i.sources, i.created_at, i.due_at, i.assignee, i.state, i.verdict, i.decided_by, " +
  "i.decided_at, i.reason, i.deferred_until, i.decision_id";

export function toReviewItem(row: Row): ReviewItem {
  const state = row.state as ReviewState;
  const said = row.verdict as ReviewVerdict | null;
  // A verdict that was taken back is kept, so that it can be put in force again, but not shown.
  const holds = state === "DECIDED" || said === "DEFER";
  return {
    id: row.id as string,
    cause: row.cause as ReviewCause,
    sides: [row.low_key as string, row.high_key as string],
    persons: [row.low_person as string | null, row.high_person as string | null],
    probability: row.probability as number | null,
    weights: JSON.parse(row.weights as string) as FieldWeight[],
    sources: row.sources as string[],
    createdAt: row.created_at as string,
    dueAt: row.due_at as string,
    assignee: row.assignee as string | null,
    state,
    verdict: holds ? said : null,
    decidedBy: holds ? (row.decided_by as string | null) : null,
    decidedAt: holds ? (row.decided_at as string | null) : null,
    reason: holds ? (row.reason as string | null) : null,
    deferredUntil: row.deferred_until as string | null,
    decisionId: state === "DECIDED" ? (row.decision_id as string | null) : null,
  };
}
