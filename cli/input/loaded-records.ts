import type { RecordTable } from "../../subgraphs/identity/domain/matching/encoding/record-table.ts";
import { InputError } from "./input-error.ts";
import type { InputRow } from "./input-row.ts";

/** Which columns carry what is kept beside the table. */
export interface KeptColumns {
  readonly idColumn: string | undefined;
  readonly sourceColumn: string | undefined;
  readonly truthColumn: string | undefined;
}

/** The table and, by record, its id, its source and its truth. */
export class LoadedRecords {
  readonly table: RecordTable;
  readonly ids: string[] = [];
  readonly truth: string[] = [];
  readonly sourceNames: string[] = [];
  /** True when ids had to be led by their file, because two files use the same. */
  isIdPrefixed = false;
  readonly #kept: KeptColumns;
  readonly #sourceByName = new Map<string, number>();
  readonly #files: { readonly path: string; readonly name: string; readonly from: number }[] = [];
  #lineById = new Map<string, number>();
  readonly #allIds = new Set<string>();

  constructor(table: RecordTable, kept: KeptColumns) {
    this.table = table;
    this.#kept = kept;
  }

  get size(): number {
    return this.table.size;
  }

  beginFile(path: string, name: string): void {
    this.#files.push({ path, name, from: this.table.size });
    this.#lineById = new Map();
  }

  add(row: InputRow): void {
    const file = this.#files.at(-1)!;
    const id = this.#idOf(row, file);
    if (this.#allIds.has(id)) this.isIdPrefixed = true;
    this.#allIds.add(id);
    this.ids.push(id);
    this.#addTruth(row);
    const source =
      this.#kept.sourceColumn === undefined
        ? file.name
        : (row.values[this.#kept.sourceColumn] ?? "");
    this.table.add(row.values, this.#sourceNumber(source));
  }

  /** A record whose truth is not told counts as a person of its own. */
  #addTruth({ values }: InputRow): void {
    if (this.#kept.truthColumn === undefined) return;
    const truth = values[this.#kept.truthColumn]?.trim() ?? "";
    this.truth.push(truth === "" ? `\u0000${this.table.size}` : truth);
  }

  /** Settles the ids once all files are read. */
  finish(): void {
    this.#lineById = new Map();
    this.#allIds.clear();
    this.table.seal();
    if (!this.isIdPrefixed) return;
    this.#files.forEach(({ name, from }, at) => {
      const until = this.#files[at + 1]?.from ?? this.ids.length;
      for (let record = from; record < until; record++)
        this.ids[record] = `${name}:${this.ids[record]}`;
    });
  }

  #idOf(
    { values, line }: InputRow,
    file: { readonly path: string; readonly from: number },
  ): string {
    const { idColumn } = this.#kept;
    if (idColumn === undefined) return String(this.table.size - file.from + 1);
    const id = values[idColumn]?.trim() ?? "";
    const column = Object.keys(values).indexOf(idColumn) + 1;
    const place = { file: file.path, line, ...(column > 0 ? { column } : {}) };
    if (id === "") throw new InputError(`the id (${idColumn}) is empty`, place);
    const earlier = this.#lineById.get(id);
    if (earlier !== undefined) {
      throw new InputError(
        `the id "${id}" (${idColumn}) stands on line ${earlier} already; ids must differ`,
        place,
      );
    }
    this.#lineById.set(id, line);
    return id;
  }

  #sourceNumber(name: string): number {
    const known = this.#sourceByName.get(name);
    if (known !== undefined) return known;
    const number = this.sourceNames.length;
    this.#sourceByName.set(name, number);
    this.sourceNames.push(name);
    return number;
  }
}
