import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { newId } from "../ids/new-id.ts";
import { errorCodes, type ErrorCode } from "./codes.ts";
import { isUnavailable } from "../streams/is-unavailable.ts";
import { DomainError } from "./domain-error.ts";

/** An error as a client reads it: `extensions` carry `code`, `retryable` and `reference`. */
export interface ClientError extends GraphQLFormattedError {
  extensions: { code: ErrorCode; retryable: boolean; reference: string; [detail: string]: unknown };
}

/** Told of each error that is our own fault, with the reference the client got: for the log. */
export type ReportError = (reference: string, error: unknown) => void;

/**
 * The one place that decides what of an error a client sees: a DomainError as it is, a mistake in the
 * request as BAD_INPUT, an engine's absence as UNAVAILABLE, what another part of the platform has already
 * mapped unchanged. All else is our fault: reported with its reference, and masked as INTERNAL.
 */
export function toClientError(error: unknown, report: ReportError): ClientError {
  const reference = newId("ref");
  const cause = rootCauseOf(error);
  const where = error instanceof GraphQLError || isFormatted(error) ? placeOf(error) : {};
  if (cause instanceof DomainError) {
    const { code, retryable, details, message } = cause;
    if (code === "INTERNAL" || cause.cause !== undefined) report(reference, cause);
    return { message, ...where, extensions: { ...details, code, retryable, reference } };
  }
  if (isUnavailable(cause)) {
    const message = "A store does not answer at the moment. Try again.";
    report(reference, new DomainError("UNAVAILABLE", message, { retryable: true, cause }));
    return { message, ...where, extensions: { code: "UNAVAILABLE", retryable: true, reference } };
  }
  const mapped = mappedExtensionsOf(error) ?? mappedExtensionsOf(cause);
  if (mapped) return { message: messageOf(cause), ...where, extensions: mapped };
  if (isMistakeInRequest(error, cause)) {
    const extensions = { code: "BAD_INPUT" as const, retryable: false, reference };
    return { message: messageOf(cause), ...where, extensions };
  }
  if (isUnstorableText(cause)) {
    const message = "A text holds a character that cannot be stored (U+0000).";
    return { message, ...where, extensions: { code: "BAD_INPUT", retryable: false, reference } };
  }
  report(reference, cause);
  const extensions = { code: "INTERNAL" as const, retryable: false, reference };
  return { message: "Something went wrong on our side.", ...where, extensions };
}

function rootCauseOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

function placeOf(error: GraphQLError | GraphQLFormattedError) {
  const { path, locations } = error;
  return { ...(path ? { path } : {}), ...(locations && !path ? { locations } : {}) };
}

function isFormatted(error: unknown): error is GraphQLFormattedError {
  return typeof error === "object" && error !== null && "message" in error;
}

function messageOf(error: unknown): string {
  return isFormatted(error) ? error.message : "Refused.";
}

function mappedExtensionsOf(error: unknown): ClientError["extensions"] | null {
  if (!isFormatted(error) || !("extensions" in error)) return null;
  const { code, retryable, reference, ...details } = error.extensions ?? {};
  if (typeof reference !== "string" || !errorCodes.includes(code as ErrorCode)) return null;
  return { ...details, code: code as ErrorCode, retryable: retryable === true, reference };
}

/** PostgreSQL's `character_not_in_repertoire`: somebody asked for a name or id with NUL in it. */
function isUnstorableText(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "22021";
}

/** graphql-js refuses a document or variable before a path exists, an argument when it is read. */
function isMistakeInRequest(error: unknown, cause: unknown): boolean {
  if (!(error instanceof GraphQLError) || !(cause instanceof GraphQLError)) return false;
  return error.path === undefined || cause.message.startsWith("Argument ");
}
