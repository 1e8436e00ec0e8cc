import { stat } from "node:fs/promises";
import { InputError } from "./input-error.ts";
import type { InputRow } from "./input-row.ts";

/** Parquet by way of DuckDB, each value as text; rows are counted where other formats have lines. */
export async function* readParquet(path: string): AsyncGenerator<InputRow> {
  const { size } = await stat(path).catch(() => {
    throw new InputError("there is no such file", { file: path });
  });
  if (size === 0) throw new InputError("the file is empty", { file: path });
  // Loaded here because only this format needs the engine.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const quoted = path.replaceAll("'", "''");
    const result = await connection.stream(
      `SELECT COLUMNS(*)::VARCHAR FROM read_parquet('${quoted}')`,
    );
    const columns = result.columnNames();
    let line = 0;
    for (
      let chunk = await result.fetchChunk();
      chunk !== null && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      for (const row of chunk.getRows()) {
        line++;
        yield {
          values: Object.fromEntries(
            columns.map((column, at) => [column, (row[at] as string | null) ?? ""]),
          ),
          line,
        };
      }
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const [reason] = (error as Error).message.split("\n");
    throw new InputError(`cannot be read as Parquet: ${reason}`, { file: path });
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
