import type { SourceRow } from "../../subgraphs/identity/domain/matching/schema/source-row.ts";

/** A row of a file and where it stands. */
export interface InputRow {
  readonly values: SourceRow;
  /** From 1; the row number where the format has no lines. */
  readonly line: number;
}

/** Reads one format row by row; throws InputError with the place where the file is broken. */
export type RowReader = (path: string) => AsyncIterable<InputRow>;
