/** Every code an error of the API can carry; `docs/errors.md` explains each (a test compares them). */
export const errorCodes = [
  "BAD_INPUT",
  "BAD_CURSOR",
  "CURSOR_EXPIRED",
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "OVERLOADED",
  "UNAVAILABLE",
  "SUBSCRIPTION_INTERRUPTED",
  "QUERY_TOO_EXPENSIVE",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof errorCodes)[number];
