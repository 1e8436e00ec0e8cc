import type {
  ChangeCause,
  ProfileChange,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { GoldenRecord } from "../domain/golden-record.ts";
import { ProfileNote } from "../domain/party.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";

/** What is to be told about each person at the end of a unit of work: one entry a person. */
export class ProfileNotes {
  private readonly notes = new Map<string, ProfileNote>();
  private readonly records = new Map<string, GoldenRecord>();

  add(personId: string, note: ProfileNote, record: GoldenRecord): void {
    this.records.set(personId, record);
    if (note.cause) this.noteOf(personId).addNote(note);
  }

  note(
    personId: string,
    record: GoldenRecord,
    change: { kinds: readonly string[]; traits: readonly string[]; at: string; cause: ChangeCause },
  ): void {
    this.records.set(personId, record);
    this.noteOf(personId).add(change.kinds, change.traits, change.at, change.cause);
  }

  /** The record as it is in the end, for whoever is told about. */
  refresh(personId: string, record: GoldenRecord): void {
    this.records.set(personId, record);
  }

  /** A person that is no more is not told about; its survivor is. */
  merge(from: string, to: string): void {
    const note = this.notes.get(from);
    if (note) this.noteOf(to).addNote(note);
    this.notes.delete(from);
  }

  /**
   * One change a person, with the present values; `entries` are the identity changes of the unit.
   */
  announcements(entries: readonly AuditEntry[]): ProfileChange[] {
    const changeOf = new Map<string, string>();
    for (const entry of entries) for (const id of entry.personIds) changeOf.set(id, entry.id);
    return [...this.notes]
      .filter(([, note]) => note.kinds.size > 0)
      .map(([personId, note]) => ({
        personId,
        occurredAt: note.at,
        kinds: [...note.kinds],
        traits: valuesOf(this.records.get(personId) ?? {}, note.traits),
        cause: { ...note.cause!, identityChangeId: changeOf.get(personId) ?? null },
      }));
  }

  private noteOf(personId: string): ProfileNote {
    const known = this.notes.get(personId);
    if (known) return known;
    const made = new ProfileNote();
    this.notes.set(personId, made);
    return made;
  }
}

function valuesOf(record: GoldenRecord, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(
    [...names].map((name) => [name, Object.hasOwn(record, name) ? record[name]!.value : null]),
  );
}
