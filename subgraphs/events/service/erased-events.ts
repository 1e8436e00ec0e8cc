import type { AcceptedEvent, RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { normaliseIdentifier } from "../../../kernel/persons/normalise-identifier.ts";
import { keyOf } from "../../../kernel/privacy/erased-subject.ts";
import { Redactor } from "../../../kernel/privacy/redactor.ts";
import { withoutNames } from "../domain/erased-event.ts";
import type { EventRow } from "../store/event-log.ts";
import type { EventTombstones } from "../store/event-tombstones.ts";

/** What becomes of an event that may be about somebody erased. */
export type Sifted = { row: EventRow } | { refused: "DUPLICATE" | "SUBJECT_ERASED" };

const erased = "erased";

/**
 * Keeps what was erased from coming back by another sending: a message that was erased is a
 * duplicate, an older event about somebody erased is refused, and one that only mentions them is
 * taken without it. Costs nothing while nobody was erased.
 */
export class ErasedEvents {
  private readonly tombstones: EventTombstones;

  constructor(tombstones: EventTombstones) {
    this.tombstones = tombstones;
  }

  get isNeeded(): boolean {
    return this.tombstones.lastErasedAt !== null;
  }

  async sift(rows: readonly EventRow[]): Promise<Sifted[]> {
    const newest = this.tombstones.lastErasedAt;
    if (newest === null) return rows.map((row) => ({ row }));
    const marks = rows.map((row) => this.marksOf(row, newest));
    const found = await this.tombstones.among([
      ...new Set(marks.flatMap(({ message, identifiers }) => [message, ...identifiers.keys()])),
    ]);
    const refusals = new Set<string>();
    const sifted = rows.map((row, at): Sifted => {
      const { message, identifiers } = marks[at]!;
      if (found.has(message)) {
        refusals.add(message);
        return { refused: "DUPLICATE" };
      }
      const occurredAt = Date.parse(row.event.occurredAt);
      const isErased = (hash: string) => occurredAt <= (found.get(hash)?.getTime() ?? 0);
      const gone = [...identifiers].filter(([hash]) => isErased(hash));
      if (gone.length === 0) return { row };
      const names = new Set(gone.map(([, raw]) => raw));
      if (!names.has(subjectOf(row.event))) return { row: withoutMentions(row, names) };
      for (const [hash] of gone) refusals.add(hash);
      return { refused: "SUBJECT_ERASED" };
    });
    await this.tombstones.countRefused([...refusals]);
    return sifted;
  }

  /** Keyed hashes of a message and, where it is old enough to matter, of whom it names. */
  private marksOf({ key, event }: EventRow, newest: Date) {
    const isOld = Date.parse(event.occurredAt) <= newest.getTime();
    const keys = isOld ? keysOf(event.identifiers) : new Map<string, string>();
    const identifiers = [...keys].map(
      ([each, raw]) => [this.tombstones.hashOf(each), raw] as const,
    );
    return { message: this.tombstones.hashOf(key), identifiers: new Map(identifiers) };
  }
}

/** By normalised key, which identifier as it was written. */
function keysOf(identifiers: readonly RawIdentifier[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const raw of identifiers) {
    keys.set(keyOf(raw), keyOf(raw));
    const normal = normaliseIdentifier(raw);
    if (normal) keys.set(keyOf(normal), keyOf(raw));
  }
  return keys;
}

function subjectOf({ userId, anonymousId, identifiers }: AcceptedEvent): string {
  if (userId !== null) return `user_id:${userId}`;
  if (anonymousId !== null) return `anonymous_id:${anonymousId}`;
  const [first] = identifiers;
  return first ? keyOf(first) : "";
}

function withoutMentions(row: EventRow, names: ReadonlySet<string>): EventRow {
  const gone = row.event.identifiers.filter((raw) => names.has(keyOf(raw)));
  const redactor = new Redactor(gone.map((raw) => ({ ...raw, token: erased })));
  const event = withoutNames(row.event, redactor);
  const payload =
    row.quarantine === null
      ? JSON.stringify(event)
      : JSON.stringify(redactor.json(JSON.parse(row.payload)));
  return { ...row, event, payload };
}
