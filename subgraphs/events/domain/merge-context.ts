type Fields = Record<string, unknown>;

/**
 * The context of an event in a batch: what the batch says, with what the event itself says over it, in
 * objects within objects too. Lists and all else are the event's own, whole. Gives a new object.
 */
export function mergeContext(ofBatch: Fields, ofEvent: Fields): Fields {
  const merged: Fields = { ...ofBatch };
  for (const [key, own] of Object.entries(ofEvent)) {
    const inherited = merged[key];
    merged[key] = isRecord(inherited) && isRecord(own) ? mergeContext(inherited, own) : own;
  }
  return merged;
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
