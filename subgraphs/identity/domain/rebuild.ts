import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import type { AuditEntry } from "./audit-entry.ts";

/** How the graph and its audit log differ about one identifier. */
export interface PartitionDifference {
  key: string;
  /** The person that the audit log tells; null: none. */
  audited: string | null;
  /** The person that the graph has; null: none. */
  stored: string | null;
}

/**
 * Who every identifier belongs to, from the audit log alone. Entries are handed in from the newest
 * to the oldest: what moved an identifier last says where it is. Memory: one entry an identifier.
 */
export class AuditReplay {
  private readonly places = new Map<string, string | null>();
  entries = 0;

  take(entry: AuditEntry): void {
    this.entries += 1;
    // Of several moves within one entry the last counts.
    for (const move of [...entry.moves].reverse()) {
      const key = identifierKey(move);
      if (!this.places.has(key)) this.places.set(key, move.to);
    }
  }

  /** Person by identifier key. */
  partition(): Map<string, string> {
    return new Map(
      [...this.places].filter((place): place is [string, string] => place[1] !== null),
    );
  }
}

/** Where two partitions differ, in the order of keys. */
export function differencesOf(
  audited: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, string>,
): PartitionDifference[] {
  const keys = [...new Set([...audited.keys(), ...stored.keys()])].sort();
  return keys.flatMap((key) => {
    const sides = { audited: audited.get(key) ?? null, stored: stored.get(key) ?? null };
    return sides.audited === sides.stored ? [] : [{ key, ...sides }];
  });
}
