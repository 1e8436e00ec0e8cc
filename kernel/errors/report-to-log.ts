import type { Logger } from "../logging/logger.ts";
import { DomainError } from "./domain-error.ts";
import type { ReportError } from "./to-client-error.ts";

/** What clients were not told is logged with the reference they got; what mends itself, as such. */
export function reportToLog(logger: Logger): ReportError {
  return (reference, error) => {
    const fields = { reference, cause: error };
    if (error instanceof DomainError && error.retryable)
      logger.warn("a part did not answer", fields);
    else logger.error("an operation failed", fields);
  };
}
