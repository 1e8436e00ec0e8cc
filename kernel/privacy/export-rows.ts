import type { Row, Session } from "../database/database.ts";

/**
 * Sections of an export, each a statement whose `$1` are identifier keys and `$2` person ids (a
 * statement that needs only one of them names the other all the same). Columns ending in `_json` are
 * JSON in a text: they are parsed and lose the ending.
 */
export async function exportRows(
  session: Session,
  statements: Readonly<Record<string, string>>,
  keys: readonly string[],
  personIds: readonly string[],
): Promise<Record<string, unknown[]>> {
  const sections: Record<string, unknown[]> = {};
  for (const [name, text] of Object.entries(statements)) {
    const rows = await session.query(text, [keys, personIds]);
    sections[name] = rows.map(readable);
  }
  return sections;
}

function readable(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) =>
      column.endsWith("_json")
        ? [nameOf(column.slice(0, -"_json".length)), parsed(value)]
        : [nameOf(column), value instanceof Date ? value.toISOString() : value],
    ),
  );
}

function parsed(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

function nameOf(column: string): string {
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
