import type { AuditEntry } from "../domain/audit-entry.ts";
import { AuditReplay, differencesOf, type PartitionDifference } from "../domain/rebuild.ts";
import type { IdentityReader } from "../store/identity-reader.ts";

const pageSize = 500;

export interface Rebuilt {
  /** Audit entries that were read. */
  entries: number;
  persons: number;
  /** Person by identifier key. */
  partition: ReadonlyMap<string, string>;
}

/** Rebuilds who is one person from the audit log alone, now or at any past position. */
export class Rebuild {
  private readonly reader: IdentityReader;

  constructor(reader: IdentityReader) {
    this.reader = reader;
  }

  /** As the log stood at a position (null: now). */
  async rebuild(position: number | null = null): Promise<Rebuilt> {
    const replay = new AuditReplay();
    const start = position === null ? null : String(position + 1);
    for (let after = start; ; ) {
      const page: { entry: AuditEntry; sortKey: string }[] = await this.reader.listAudit(
        { personId: null, kinds: null },
        { limit: pageSize, after },
      );
      for (const { entry } of page) replay.take(entry);
      if (page.length < pageSize) break;
      after = page.at(-1)!.sortKey;
    }
    const partition = replay.partition();
    return { entries: replay.entries, persons: new Set(partition.values()).size, partition };
  }

  /** Where the graph is otherwise than its audit log tells. */
  async compare(): Promise<Rebuilt & { differences: PartitionDifference[] }> {
    const rebuilt = await this.rebuild();
    return { ...rebuilt, differences: differencesOf(rebuilt.partition, await this.stored()) };
  }

  private async stored(): Promise<Map<string, string>> {
    const stored = new Map<string, string>();
    const all = { identifierKeys: null, namespace: null, createdFrom: null, createdBefore: null };
    for (let after: string | null = null; ; ) {
      const page = await this.reader.listPersons(all, { limit: pageSize, after });
      const ids: string[] = page.map(({ id }) => id);
      for (const { key, personId } of await this.reader.identifiersOfPersons(ids)) {
        if (personId !== null) stored.set(key, personId);
      }
      if (page.length < pageSize) return stored;
      after = ids.at(-1)!;
    }
  }
}
