import { DomainError } from "../errors/domain-error.ts";
import { isUnavailable } from "../streams/is-unavailable.ts";

/** Errors behind an error that are told to the log. */
const causesMax = 4;
/** An SQLSTATE, or what the operating system says of a connection. */
const driverCode = /^(?:[0-9A-Z]{5}|E[A-Z_]+)$/;

type Thrown = { message?: string; cause?: unknown; errors?: Thrown[] } | null | undefined;

/**
 * Why a part cannot serve, for anybody who asks `/ready`: which engine is missing, never where it is.
 * A DomainError is made to be read by others; all else comes from the database's driver, and names
 * addresses, users and databases.
 */
export function whyNotReady(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  const { code } = Object(error) as { code?: unknown };
  const isOfDatabase = isUnavailable(error) || driverCode.test(String(code ?? ""));
  return isOfDatabase ? "PostgreSQL cannot be used" : "not ready; the log says why";
}

/** The same for the operator's log: every message, addresses included. These errors are about nobody. */
export function groundsOf(error: unknown): string[] {
  const grounds: string[] = [];
  for (let at = error as Thrown; at?.message !== undefined && grounds.length < causesMax; ) {
    // An attempt on several addresses (IPv4 and IPv6) has its messages inside, and none of its own.
    grounds.push(...[at, ...(at.errors ?? [])].flatMap((each) => each?.message || []));
    at = at.cause as Thrown;
  }
  return grounds;
}
