/** One record as it came: text by column; several values of a column are joined by U+001F. */
export type SourceRow = Readonly<Record<string, string | undefined>>;

/** Joins several values of one column in a `SourceRow`. */
export const MULTIPLE_VALUES = "\u001f";
