import { roleByHeader } from "../../subgraphs/identity/domain/matching/schema/column-roles.ts";
import { InputError } from "./input-error.ts";

const EMAIL = /^\S+@\S+\.\S+$/;
const DATE = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$/;
const LONG_NUMBER = /^\+?[\d\s()/.-]{6,20}$/;

/** True where the first line holds values (an e-mail, a date, a long number) and no name of a column we know. */
export function looksLikeRecord(header: readonly string[]): boolean {
  const cells = header.map((cell) => cell.trim());
  const isValue = (cell: string) => EMAIL.test(cell) || DATE.test(cell) || LONG_NUMBER.test(cell);
  return cells.some(isValue) && cells.every((cell) => roleByHeader(cell) === undefined);
}

/** Names for the columns of a file whose first line is a record already. */
export function numberedColumns(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `column ${at + 1}`);
}

/** The names of the columns; a column without one is named by its place. */
export function checkedHeader(path: string, header: readonly string[]): string[] {
  const columns = header.map((name) => name.trim());
  columns.forEach((name, at) => {
    if (name === "" && columns.length > 1) columns[at] = `column ${at + 1}`;
    if (name !== "" && columns.indexOf(name) !== at) {
      throw new InputError(`the column "${name}" stands twice in the header`, {
        file: path,
        line: 1,
        column: at + 1,
      });
    }
  });
  return columns;
}
