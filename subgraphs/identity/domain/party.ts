import type { ChangeCause } from "../../../kernel/announcements/identity-announcements.ts";
import type { GoldenRecord } from "./golden-record.ts";
import { type GroupSummary, loneGroup } from "./group.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import type { Identifier } from "./normalise-identifier.ts";
import type { PersonState } from "./person-state.ts";

/** A person, or one to be, while a batch of observations is being resolved. */
export class Party {
  /** Null: not yet a person. */
  id: string | null;
  createdAt: string;
  group: GroupSummary;
  record: GoldenRecord;
  /** Identifiers of a party that is not yet a person. */
  freshKeys: string[] = [];
  /** Only the whole component can tell what becomes of it. */
  isStale = false;
  isChanged = false;
  readonly note = new ProfileNote();
  private mergedInto: Party | null = null;

  private constructor(
    id: string | null,
    createdAt: string,
    group: GroupSummary,
    record: GoldenRecord,
  ) {
    this.id = id;
    this.createdAt = createdAt;
    this.group = group;
    this.record = record;
  }

  static of(person: PersonState): Party {
    const { id, createdAt, record, ...group } = person;
    return new Party(id, createdAt, group, record);
  }

  /** Somebody to be, of whom one identifier is known. */
  static fresh(identifier: Identifier, at: string, index: PolicyIndex): Party {
    const party = new Party(null, at, loneGroup(identifier, index), {});
    party.freshKeys = [identifier.key];
    return party;
  }

  /** The party that this one has become part of, in the end. */
  now(): Party {
    let party: Party = this;
    while (party.mergedInto) party = party.mergedInto;
    if (this.mergedInto && this.mergedInto !== party) this.mergedInto = party;
    return party;
  }

  /** The other party is part of this one from now on. */
  takeIn(other: Party, group: GroupSummary, record: GoldenRecord): void {
    this.group = group;
    this.record = record;
    this.isChanged = true;
    this.seenAt(other.createdAt);
    this.note.addNote(other.note);
    if (this.id === null) this.freshKeys.push(...other.freshKeys);
    other.mergedInto = this;
  }

  /** In too large a component to be looked at now: the repair in the background will. */
  get isWaiting(): boolean {
    return this.group.policyVersion === 0;
  }

  /** Grouped under another policy than the one in force. */
  isOutdated({ policy }: PolicyIndex): boolean {
    return this.group.policyVersion !== policy.version;
  }

  /** A party that is nobody yet is a new person. */
  become(personId: string): void {
    this.id = personId;
    this.isChanged = true;
  }

  setRecord(record: GoldenRecord): void {
    this.record = record;
    this.isChanged = true;
  }

  /** Notes that an edge of that rank touches the group. */
  touch(rank: string, isRefused: boolean): void {
    const { lastRank, conflicted } = this.group;
    if (rank <= lastRank && (!isRefused || conflicted)) return;
    this.group = {
      ...this.group,
      lastRank: rank > lastRank ? rank : lastRank,
      conflicted: conflicted || isRefused,
    };
    this.isChanged = true;
  }

  seenAt(at: string): void {
    if (at >= this.createdAt) return;
    this.createdAt = at;
    this.isChanged = true;
  }

  /** As a person of that id. */
  state(id: string): PersonState {
    return { id, createdAt: this.createdAt, record: this.record, ...this.group };
  }
}

/** What subscribers of a profile have to be told at the end of a batch. */
export class ProfileNote {
  readonly kinds = new Set<string>();
  readonly traits = new Set<string>();
  at = "";
  cause: ChangeCause | null = null;

  add(kinds: Iterable<string>, traits: Iterable<string>, at: string, cause: ChangeCause): void {
    for (const kind of kinds) this.kinds.add(kind);
    for (const name of traits) this.traits.add(name);
    this.at = at;
    this.cause = cause;
  }

  addNote(note: ProfileNote): void {
    if (note.cause) this.add(note.kinds, note.traits, note.at, note.cause);
  }
}

/** On a merge the older person survives; somebody new joins who is there already. */
export function survives(one: Party, other: Party): boolean {
  if (one.id === null || other.id === null) return other.id === null;
  return one.createdAt === other.createdAt ? one.id < other.id : one.createdAt < other.createdAt;
}
