/** One value of a trait, as one source said it about one identifier. */
export interface Fact {
  /** Any JSON but null: null says nothing and never overwrites. */
  value: unknown;
  /** Event time. */
  at: string;
  source: string;
  /** The identifier it hangs on. */
  key: string;
  /** The source had checked it: the same call says `<trait>_verified` or `<trait>Verified`. */
  verified?: true;
}

/** One value as it was said at some time. */
export type SaidValue = Pick<SheetFact, "value" | "at" | "verified">;

/**
 * One value as it was said at some time, and again and again: at `at`, and on times from `since`
 * to `until`, either of which is `at` where it is not there.
 */
export interface PastValue extends SaidValue {
  since?: string;
  until?: string;
}

/** A fact on a sheet, which says whose it is. */
export interface SheetFact extends Pick<Fact, "value" | "at" | "verified"> {
  /** Where it changed before, newest first: what `asOf` is answered from. */
  was?: readonly PastValue[];
}

/** What one source says about one identifier: its best value of each trait, by name. */
export interface FactSheet {
  key: string;
  source: string;
  facts: Readonly<Record<string, SheetFact>>;
}
