const special = /["\\]/g;

/**
 * An array as PostgreSQL writes it, to be handed over as one text value for `$1::text[]`. The
 * driver can do it too, at four times the cost: a quarter of the writer's time went there.
 */
export function arrayLiteral(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map(element).join(",")}}`;
}

function element(value: string | number | boolean | null): string {
  if (value === null) return "NULL";
  if (typeof value !== "string") return String(value);
  return value.includes('"') || value.includes("\\")
    ? `"${value.replace(special, "\\$&")}"`
    : `"${value}"`;
}
