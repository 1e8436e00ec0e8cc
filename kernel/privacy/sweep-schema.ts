import type { Database, Row } from "../database/database.ts";
import { type ErasureStep, erasureStepMs } from "./erased-subject.ts";
import { mentions, type Redactor } from "./redactor.ts";

/** Pages of 8 KB that one statement looks at. */
const pagesPerStatement = 500;

interface TextTable {
  name: string;
  columns: string[];
  arrays: string[];
  pages: number;
}

interface Place {
  table: string;
  page: number;
}

/**
 * The last broom: goes over every text of every table of a schema, a stretch of pages at a time, and
 * redacts what still names somebody erased. What has a meaning was removed before by who knows it;
 * `skipped` are such tables, or columns as `table.column`.
 */
export async function sweepSchema(
  database: Database,
  schema: string,
  redactor: Redactor,
  next: string | null,
  skipped: readonly string[] = [],
): Promise<ErasureStep> {
  const endMs = performance.now() + erasureStepMs;
  const tables = await textTables(database, schema, skipped);
  let place = next === null ? null : (JSON.parse(next) as Place);
  for (const table of tables) {
    if (place && table.name < place.table) continue;
    let page = place?.table === table.name ? place.page : 0;
    while (page <= table.pages) {
      if (performance.now() > endMs) {
        return { isDone: false, next: JSON.stringify({ table: table.name, page }) };
      }
      await sweepPages(database, schema, table, redactor, page);
      page += pagesPerStatement;
    }
    place = null;
  }
  return { isDone: true, next: null };
}

async function textTables(
  database: Database,
  schema: string,
  skipped: readonly string[],
): Promise<TextTable[]> {
  const rows = await database.query<
    Row & { name: string; col: string; type: string; pages: number }
  >(
    `select c.relname as name, a.attname as col, t.typname as type,
       (pg_relation_size(c.oid) / 8192)::int as pages
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     join pg_type t on t.oid = a.atttypid
     where n.nspname = $1 and c.relkind = 'r' and t.typname in ('text', 'varchar', '_text')
       and c.relname <> all($2::text[])
       and c.relname || '.' || a.attname <> all($2::text[])
     order by c.relname collate "C", a.attnum`,
    [schema, skipped],
  );
  const tables = Map.groupBy(rows, ({ name }) => name);
  return [...tables].map(([name, own]) => ({
    name,
    columns: own.filter(({ type }) => type !== "_text").map(({ col }) => col),
    arrays: own.filter(({ type }) => type === "_text").map(({ col }) => col),
    pages: own[0]!.pages,
  }));
}

async function sweepPages(
  database: Database,
  schema: string,
  table: TextTable,
  redactor: Redactor,
  page: number,
): Promise<void> {
  const all = [...table.columns, ...table.arrays];
  const expressions = [
    ...table.columns.map((column) => `"${column}"`),
    ...table.arrays.map((column) => `array_to_string("${column}", ' ')`),
  ];
  const rows = await database.query(
    `select ctid::text as place, ${all.map((column) => `"${column}"`).join(", ")}
     from ${schema}."${table.name}"
     where ctid >= '(${page},0)'::tid and ctid < '(${page + pagesPerStatement},0)'::tid
       and (${expressions.map((expression) => mentions(expression, 1)).join(" or ")})`,
    [redactor.parts, redactor.digits],
  );
  for (const row of rows)
    await redactRow(database, `${schema}."${table.name}"`, all, row, redactor);
}

async function redactRow(
  database: Database,
  table: string,
  columns: readonly string[],
  row: Row,
  redactor: Redactor,
): Promise<void> {
  const changed = columns.flatMap((column) => {
    const before = row[column];
    const after = redacted(before, redactor);
    return after === before ? [] : [{ column, before, after }];
  });
  if (changed.length === 0) return;
  // Somebody may have written the row since: it is only changed as it was read.
  const sets = changed.map(({ column }, at) => `"${column}" = $${2 * at + 2}`);
  const wheres = changed.map(({ column }, at) => `"${column}" = $${2 * at + 3}`);
  await database.query(
    `update ${table} set ${sets.join(", ")} where ctid = $1::tid and ${wheres.join(" and ")}`,
    [row.place, ...changed.flatMap(({ before, after }) => [after, before])],
  );
}

function redacted(value: unknown, redactor: Redactor): unknown {
  if (typeof value === "string") return redactor.column(value);
  if (!Array.isArray(value)) return value;
  const parts = value.map((part) => (typeof part === "string" ? redactor.text(part) : part));
  return parts.some((part, at) => part !== value[at]) ? parts : value;
}
