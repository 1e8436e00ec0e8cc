import { type CanonicalRecord, canonicalRecord } from "../domain/matching/schema/record-schema.ts";
import type { ComparedRecord } from "../domain/records/match-groups.ts";
import { columnsOf } from "../domain/records/record-columns.ts";
import type { ModelInForce } from "./matching-models.ts";
import type { KnownRecord, Records } from "../store/records.ts";

/** Records that are kept as the matcher reads them; beyond it the oldest are read again. */
const generationRecords = 30_000;

interface Read {
  revision: number;
  name: string;
  canonical: CanonicalRecord;
}

/** Records in the spelling the matcher compares, read once for each content and schema. */
export class RecordReading {
  private readonly records: Records;
  private recent = new Map<number, Read>();
  private older = new Map<number, Read>();
  private version = -1;

  constructor(records: Records) {
    this.records = records;
  }

  /** A record at hand. */
  read(record: KnownRecord, { version, model }: ModelInForce): ComparedRecord {
    this.follow(version);
    const known = this.find(record.id);
    if (known?.revision === record.revision) return { id: record.id, ...known };
    const row = columnsOf(record.attributes, record.identifiers);
    const read = {
      revision: record.revision,
      name: record.name,
      canonical: canonicalRecord(row, model.schema),
    };
    this.keep(record.id, read);
    return { id: record.id, ...read };
  }

  /** By id; what is gone is left out. */
  async load(ids: readonly number[], model: ModelInForce): Promise<Map<number, ComparedRecord>> {
    this.follow(model.version);
    const revisions = await this.records.revisions(ids);
    const missing = [...revisions].filter(([id, revision]) => this.find(id)?.revision !== revision);
    const loaded = await this.records.byIds(missing.map(([id]) => id));
    for (const record of loaded) this.read(record, model);
    const found = new Map<number, ComparedRecord>();
    for (const id of revisions.keys()) {
      const known = this.find(id);
      if (known) found.set(id, { id, name: known.name, canonical: known.canonical });
    }
    return found;
  }

  private follow(version: number): void {
    if (version === this.version) return;
    this.version = version;
    this.recent = new Map();
    this.older = new Map();
  }

  private find(id: number): Read | undefined {
    return this.recent.get(id) ?? this.older.get(id);
  }

  private keep(id: number, read: Read): void {
    if (this.recent.size >= generationRecords) {
      this.older = this.recent;
      this.recent = new Map();
    }
    this.recent.set(id, read);
  }
}
