import { isRetryableError, Neo4jError } from "neo4j-driver";
import { DomainError } from "../errors/domain-error.ts";

/** Errors that the engine calls transient although the same work would meet them again. */
const aboutTheWork = /MemoryPoolOutOfMemory|TransactionTimedOut/;

/** What the driver says without a code when a connection does not come about. */
const aboutTheConnection = /timed? ?out|handshake|connection/i;

/** Reasons to connect in vain that no retry mends, in words for who runs the system. */
const refusals: Readonly<Record<string, string>> = {
  "Neo.ClientError.Security.Unauthorized": "user name or password are refused",
  "Neo.ClientError.Security.AuthenticationRateLimit": "too many refused passwords, try later",
  "Neo.ClientError.Security.CredentialsExpired": "the password has expired",
  "Neo.ClientError.Database.DatabaseNotFound": "there is no such database",
};

/**
 * An error of the driver as the rest of the program knows errors: UNAVAILABLE when it says "not
 * now" or "not here", unchanged when it is about the work itself. Clients read the message: the host
 * stands in the cause.
 */
export function toGraphError(error: unknown, host: string): unknown {
  if (!(error instanceof Neo4jError)) return error;
  const refusal = refusals[error.code];
  const isAbsent =
    (isRetryableError(error) && !aboutTheWork.test(error.code)) ||
    (error.code === "N/A" && aboutTheConnection.test(error.message));
  if (!refusal && !isAbsent) return error;
  const reason = refusal ?? reasonOf(error);
  return new DomainError("UNAVAILABLE", `Neo4j cannot be used: ${reason}`, {
    retryable: true,
    cause: new Error(`Neo4j at ${host}: ${reason}`, { cause: error }),
  });
}

function reasonOf(error: Neo4jError): string {
  if (/^Neo\./.test(error.code)) return error.code;
  const [, system] = /(ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ETIMEDOUT|ECONNRESET|EAI_AGAIN)/.exec(
    error.message,
  ) ?? [null, null];
  if (system) return system;
  return /timed? ?out|timeout/i.test(error.message) ? "no answer in time" : "the connection failed";
}
