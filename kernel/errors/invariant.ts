/** Our own mistake, never the caller's: stops the operation and is logged as an error. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant: ${message}`);
}
