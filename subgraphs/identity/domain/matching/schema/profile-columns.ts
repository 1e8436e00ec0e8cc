import { westernDigits } from "../text/fold-text.ts";
import { isFiller } from "./filler.ts";
import { MULTIPLE_VALUES, type SourceRow } from "./source-row.ts";

/** What the values of one column look like; from a sample, empty cells left out, all digits as 0 to 9. */
export interface ColumnProfile {
  readonly column: string;
  readonly values: readonly string[];
  /** By value, the row of the sample it stands in. */
  readonly rows: readonly number[];
  readonly filledShare: number;
  readonly distinctShare: number;
}

/** Looks at the values of every column of some rows, in the order the columns first appear. */
export function profileColumns(rows: readonly SourceRow[]): ColumnProfile[] {
  const cells = new Map<string, { values: string[]; rows: number[] }>();
  rows.forEach((row, at) => {
    for (const [column, value] of Object.entries(row)) {
      let known = cells.get(column);
      if (known === undefined) {
        known = { values: [], rows: [] };
        cells.set(column, known);
      }
      for (const part of (value ?? "").split(MULTIPLE_VALUES)) {
        const text = westernDigits(part.trim());
        if (text === "" || isFiller(text)) continue;
        known.values.push(text);
        known.rows.push(at);
      }
    }
  });
  return [...cells].map(([column, { values, rows: filled }]) => ({
    column,
    values,
    rows: filled,
    filledShare: values.length / rows.length,
    distinctShare: values.length === 0 ? 0 : new Set(values).size / values.length,
  }));
}
