import type { StatementFact, Tenure } from "./consent-facts.ts";
import { knownAsOne } from "./known-as-one.ts";

/**
 * The last word of each subject that spoke. A statement speaks for its own subject, and for every
 * other
 * one that was known to be the same person when it was made. An import never revives what was
 * withdrawn.
 */
export function lastWords(
  statements: readonly StatementFact[],
  tenures: readonly Tenure[],
): StatementFact[] {
  const subjects = new Set(statements.map((statement) => statement.subject));
  if (subjects.size > 1) subjects.delete(null);
  if (subjects.size === 1) return lastWordAmong(statements, (statement) => statement.heldAt);
  const since = knownAsOne(tenures);
  return [...subjects].flatMap((subject) => {
    const heard = statements.filter((statement) => speaksFor(statement, subject!, since));
    const at = (statement: StatementFact) =>
      statement.subject === subject ? statement.heldAt : statement.statedAt;
    return lastWordAmong(heard, at);
  });
}

function speaksFor(
  statement: StatementFact,
  subject: string,
  since: ReturnType<typeof knownAsOne>,
): boolean {
  if (statement.subject === null || statement.subject === subject) return true;
  const known = since(statement.subject, subject);
  if (statement.statedAt >= known.since) return true;
  return statement.messageId !== null && known.messageIds.includes(statement.messageId);
}

function lastWordAmong(
  heard: readonly StatementFact[],
  at: (statement: StatementFact) => number,
): StatementFact[] {
  const later = (left: StatementFact, right: StatementFact) =>
    at(left) - at(right) || Number(left.kind === "WITHDRAW") - Number(right.kind === "WITHDRAW");
  const ordered = [...heard].sort(later);
  const own = ordered.filter((statement) => statement.kind === "WITHDRAW" || !statement.byOperator);
  const last = own.at(-1);
  if (last?.kind === "WITHDRAW") return [last];
  return ordered.filter((statement) => statement.kind === "GRANT").slice(-1);
}
