import type {
  IdentityChange,
  ProfileChange,
  ResolvedEvents,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { personsIn } from "./batch-moments.ts";

/** Events taken in one transaction: what the engine is held for, some 100 ms. */
const eventsMax = 1_000;

/**
 * As much of a batch as one transaction takes; at least one entry. A run of events weighs as many
 * as it has.
 */
export function entriesThatFit(batch: readonly StreamEntry[]): StreamEntry[] {
  let events = 0;
  return cutWhere(batch, (entry, index) => {
    if (entry.kind === "RESOLVED") events += (entry.payload as ResolvedEvents).subjects.length;
    return index > 0 && events > eventsMax;
  });
}

/**
 * A late batch up to where identifiers or traits change of somebody of whom it has spoken before:
 * what he was until then is told first.
 */
export function entriesInOrder(batch: readonly StreamEntry[]): StreamEntry[] {
  const spoken = new SpokenOf();
  return cutWhere(batch, (entry) => spoken.isReshaping(entry));
}

function cutWhere(
  batch: readonly StreamEntry[],
  test: (entry: StreamEntry, index: number) => boolean,
): StreamEntry[] {
  const surplus = batch.findIndex(test);
  return batch.slice(0, surplus === -1 ? batch.length : surplus);
}

/** Of whom entries have spoken: a run of identity first says what changed, then its events. */
class SpokenOf {
  private readonly happened = new Set<string>();
  /** By person, when the entry was appended: entries of one run are of one instant. */
  private readonly shaped = new Map<string, number>();

  /** Takes an entry in; true when it changes somebody of whom an earlier run has spoken. */
  isReshaping(entry: StreamEntry): boolean {
    if (entry.kind === "RESOLVED") {
      for (const { personId } of (entry.payload as ResolvedEvents).subjects) {
        if (personId !== null) this.happened.add(personId);
      }
      return false;
    }
    if (entry.kind !== "CHANGE" && entry.kind !== "PROFILE") return false;
    const atMs = entry.at.getTime();
    for (const personId of personsIn(entry.payload as IdentityChange | ProfileChange)) {
      if (this.happened.has(personId)) return true;
      if ((this.shaped.get(personId) ?? atMs) !== atMs) return true;
      this.shaped.set(personId, atMs);
    }
    return false;
  }
}
