function step(value: unknown, name: string, found: unknown[]): void {
  if (Array.isArray(value)) {
    if (/^\d{1,6}$/.test(name)) {
      if (Number(name) < value.length) found.push(value[Number(name)]);
      return;
    }
    for (const element of value) if (!Array.isArray(element)) step(element, name, found);
    return;
  }
  if (typeof value === "object" && value !== null && Object.hasOwn(value, name)) {
    found.push((value as Record<string, unknown>)[name]);
  }
}

/**
 * The values a dotted path leads to. A list on the way is searched element by element (`items.sku`
 * finds the sku of every item), or by position (`items.0.sku`). A key that itself has dots is
 * found as a whole.
 */
export function valuesAt(properties: unknown, path: string): unknown[] {
  if (typeof properties === "object" && properties !== null && Object.hasOwn(properties, path)) {
    return [(properties as Record<string, unknown>)[path]];
  }
  let reached: unknown[] = [properties];
  for (const name of path.split(".")) {
    const next: unknown[] = [];
    for (const value of reached) step(value, name, next);
    reached = next;
  }
  return reached;
}
