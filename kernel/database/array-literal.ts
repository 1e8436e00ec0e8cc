/** Between quotes PostgreSQL escapes by a backslash alone, JSON control characters by names, too. */
const control = /\p{Cc}/u;

/**
 * An array as PostgreSQL writes it, as one text value: of numbers and truth values, and of texts that are read as
 * something else, such as instants (arrays of texts go in binary form, `text-array.ts`). Null when it holds anything
 * else but nulls: the driver knows how to write that, at twice the cost.
 */
export function arrayLiteral(values: readonly unknown[]): string | null {
  return values.every(isWrittenAlike) ? `{${JSON.stringify(values).slice(1, -1)}}` : null;
}

function isWrittenAlike(value: unknown): boolean {
  if (typeof value === "string") return !control.test(value) && value.isWellFormed();
  if (typeof value === "number") return Number.isFinite(value);
  return value === null || value === undefined || typeof value === "boolean";
}
