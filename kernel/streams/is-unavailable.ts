import { DomainError } from "../errors/domain-error.ts";

const systemCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Classes of SQLSTATE that say "not now": connection, resources, operator, rollback, lock. */
const sqlState = /^(08|53|57P|40001|40P01|55P03)/;

/** Whether an error is about the engine's reachability or load, not about what was being processed. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DomainError) return error.retryable;
  if (!(error instanceof Error)) return false;
  const code = String((error as { code?: unknown }).code ?? "");
  if (systemCodes.has(code) || sqlState.test(code)) return true;
  return /connection terminated|not queryable|timeout exceeded when trying to connect|has stopped|pool after/i.test(
    error.message,
  );
}
