import type { ColumnRole } from "./column-role.ts";

/** What a column is taken for, and why. */
export interface RecognisedColumn {
  readonly column: string;
  readonly role: ColumnRole;
  readonly reason: "stated" | "header" | "content" | "every value differs" | "empty";
}
