import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { checkedHeader, looksLikeRecord, numberedColumns } from "./csv-header.ts";
import { InputError } from "./input-error.ts";
import type { InputRow } from "./input-row.ts";
import { openText } from "./open-text.ts";

const DELIMITERS = [",", ";", "\t", "|"];

/** How spreadsheets tell the delimiter, before the header. */
const STATED_DELIMITER = /^sep=(.)(\r?\n|\r)/i;

/** The delimiter that splits the header most often outside quotes. */
function guessDelimiter(head: string): string {
  const header = (head.trimStart().split(/[\r\n]/, 1)[0] ?? "").replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

interface CsvRecord {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

/**
 * CSV: comma, semicolon, tab or bar, found out from the first line. Where that line is a record and no header, columns
 * are named by their place.
 */
export async function* readCsv(path: string): AsyncGenerator<InputRow> {
  const { chunks, head } = await openText(path);
  const stated = STATED_DELIMITER.exec(head)?.[1];
  let columnCount = 0;
  let lastLine = stated === undefined ? 1 : 2;
  let firstRecord: Record<string, string> | undefined;
  const parser = parse({
    bom: true,
    delimiter: stated ?? guessDelimiter(head),
    from_line: stated === undefined ? 1 : 2,
    info: true,
    on_record: (record, { lines }) => {
      lastLine = lines;
      return record;
    },
    skip_empty_lines: true,
    columns: (header: string[]) => {
      columnCount = header.length;
      if (!looksLikeRecord(header)) return checkedHeader(path, header);
      const columns = numberedColumns(columnCount);
      firstRecord = Object.fromEntries(columns.map((column, at) => [column, header[at]!]));
      return columns;
    },
  });
  const source = Readable.from(chunks);
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<CsvRecord>) {
      if (firstRecord !== undefined) yield { values: firstRecord, line: 1 };
      firstRecord = undefined;
      yield { values: record, line: info.lines };
    }
  } catch (error) {
    throw error instanceof CsvError ? brokenRow(path, error, columnCount, lastLine) : error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened and never closed",
  CSV_INVALID_CLOSING_QUOTE: "a quote ends inside a value",
  INVALID_OPENING_QUOTE: "a quote begins inside a value",
};

function brokenRow(
  path: string,
  error: CsvError,
  columnCount: number,
  lastLine: number,
): InputError {
  const details = error as unknown as {
    lines?: number;
    index?: number;
    column?: number | string;
    record?: unknown[];
  };
  // Where a quote is never closed the row ends with the file: what helps is where it began.
  const line = error.code === "CSV_QUOTE_NOT_CLOSED" ? lastLine + 1 : (details.lines ?? 1);
  if (/INCONSISTENT_(COLUMNS|FIELDS)/.test(error.code)) {
    const found = details.record?.length ?? 0;
    const message = `the row has ${found} values, the header ${columnCount} columns`;
    return new InputError(message, { file: path, line, column: Math.min(found, columnCount) + 1 });
  }
  const column = (typeof details.index === "number" ? details.index : 0) + 1;
  return new InputError(REASONS[error.code] ?? error.message, { file: path, line, column });
}
