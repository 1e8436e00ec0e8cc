import {
  identifierKey,
  type IdentityChange,
  type ProfileChange,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { PersonIndex } from "../../../kernel/persons/person-index.ts";
import type { PersonRow, ProjectionStore } from "../store/projection-store.ts";
import type { MembershipCause } from "./membership-evaluator.ts";
import type { Touches } from "./touches.ts";
import type { WorkingMemory } from "./working-memory.ts";

/** What a batch made of the persons it spoke of. */
export interface ProjectedPersons {
  /** Who is no more, and why. */
  gone: Map<string, MembershipCause>;
}

export const causeOfChange = (change: IdentityChange): MembershipCause => ({
  ...change.cause,
  identityChangeId: change.id,
});

/** Follows the identity stream: who exists, with which traits, and which identifiers. */
export class PersonProjector {
  private readonly projections: ProjectionStore;
  private readonly memory: WorkingMemory;
  private readonly index: PersonIndex;

  constructor(projections: ProjectionStore, memory: WorkingMemory, index: PersonIndex) {
    this.projections = projections;
    this.memory = memory;
    this.index = index;
  }

  /** Applies changes and profiles in their order and notes what they touched. */
  async apply(
    transaction: Transaction,
    entries: readonly (IdentityChange | ProfileChange)[],
    touches: Touches,
  ): Promise<ProjectedPersons> {
    const changes = entries.filter(isIdentityChange);
    if (entries.length === 0) return { gone: new Map() };
    if (changes.length > 0) this.index.apply(transaction, changes);
    const fold = new PersonFold(
      await this.memory.persons(transaction, personsNamed(entries)),
      await this.projections.keysWithFacts(transaction, keysGained(changes)),
      touches,
      this.memory,
    );
    for (const entry of entries) {
      if (isIdentityChange(entry)) fold.change(entry);
      else fold.profile(entry);
    }
    await this.bury(transaction, fold);
    this.projections.removeFacts(transaction, keysErased(changes));
    this.projections.savePersons(transaction, fold.toSave());
    this.projections.removePersons(transaction, [...fold.gone.keys()]);
    for (const personId of fold.gone.keys()) touches.forget(personId);
    return { gone: fold.gone };
  }

  /** Who lost identifiers and has none left is no more. */
  private async bury(transaction: Transaction, fold: PersonFold): Promise<void> {
    const losers = [...fold.losers].filter(([personId]) => !fold.gone.has(personId));
    if (losers.length === 0) return;
    const ids = losers.map(([personId]) => personId);
    const left = await this.index.identifiersOf(transaction, ids);
    for (const [personId, cause] of losers) {
      if ((left.get(personId) ?? []).length === 0) fold.gone.set(personId, cause);
    }
  }
}

function isIdentityChange(entry: IdentityChange | ProfileChange): entry is IdentityChange {
  return "moves" in entry;
}

function personsNamed(entries: readonly (IdentityChange | ProfileChange)[]): string[] {
  const named = new Set<string>();
  for (const entry of entries) {
    if (!isIdentityChange(entry)) {
      named.add(entry.personId);
      continue;
    }
    for (const personId of entry.personIds) named.add(personId);
    for (const { to } of entry.moves) if (to !== null) named.add(to);
  }
  return [...named];
}

function keysGained(changes: readonly IdentityChange[]): string[] {
  const gained = changes.flatMap((change) => change.moves.filter((move) => move.from === null));
  return [...new Set(gained.map(identifierKey))];
}

function keysErased(changes: readonly IdentityChange[]): string[] {
  return changes
    .filter((change) => change.kind === "ERASE")
    .flatMap((change) => change.moves.filter((move) => move.to === null).map(identifierKey));
}

/** Folds entries over the persons as they were. */
class PersonFold {
  readonly gone = new Map<string, MembershipCause>();
  readonly losers = new Map<string, MembershipCause>();
  private readonly persons: Map<string, PersonRow>;
  private readonly existed: ReadonlySet<string>;
  private readonly withFacts: ReadonlySet<string>;
  private readonly touches: Touches;
  private readonly dirty = new Set<string>();

  private readonly memory: WorkingMemory;

  constructor(
    persons: Map<string, PersonRow>,
    withFacts: ReadonlySet<string>,
    touches: Touches,
    memory: WorkingMemory,
  ) {
    this.persons = persons;
    this.existed = new Set(persons.keys());
    this.withFacts = withFacts;
    this.touches = touches;
    this.memory = memory;
  }

  change(change: IdentityChange): void {
    const cause = causeOfChange(change);
    for (const move of change.moves) {
      const isReshaping = move.from !== null || this.withFacts.has(identifierKey(move));
      if (move.to !== null) {
        this.shape(move.to, change.id, cause);
        if (isReshaping) this.reshape(move.to, cause);
      }
      if (move.from !== null) {
        this.losers.set(move.from, cause);
        this.reshape(move.from, cause);
      }
    }
    for (const { from, to } of change.redirects) {
      if (from === to) this.shape(from, change.id, cause);
      else this.remove(from, cause);
    }
    if (change.kind !== "ERASE") {
      for (const personId of change.personIds) this.renew(personId, change.id);
    }
  }

  profile(profile: ProfileChange): void {
    const given = Object.entries(profile.traits);
    const known = this.persons.get(profile.personId);
    if (!known && !given.some(([, value]) => value !== null)) return;
    const person = this.shape(profile.personId, profile.cause.identityChangeId, profile.cause);
    for (const [name, value] of given) {
      if (value === null) delete person.traits[name];
      else setOwn(person.traits, name, value);
      this.touches.trait(profile.personId, name, profile.cause);
    }
  }

  /** The person as he stands now, made if he was not there. */
  private shape(personId: string, changeId: string | null, cause: MembershipCause): PersonRow {
    this.gone.delete(personId);
    this.dirty.add(personId);
    let person = this.persons.get(personId);
    if (!person) {
      person = { personId, traits: {}, identityChangeId: null };
      this.persons.set(personId, person);
      // Gone and back within one batch: his rows and events are there, only not remembered.
      if (this.existed.has(personId)) this.memory.forget(personId);
      else this.memory.appeared(person);
      this.touches.appeared(personId, cause);
    }
    person.identityChangeId = changeId ?? person.identityChangeId;
    return person;
  }

  private renew(personId: string, changeId: string): void {
    const person = this.persons.get(personId);
    if (!person || this.gone.has(personId)) return;
    person.identityChangeId = changeId;
    this.dirty.add(personId);
  }

  private reshape(personId: string, cause: MembershipCause): void {
    this.memory.forgetEvents(personId);
    this.touches.reshaped(personId, cause);
  }

  private remove(personId: string, cause: MembershipCause): void {
    this.persons.delete(personId);
    this.dirty.delete(personId);
    this.losers.delete(personId);
    this.gone.set(personId, cause);
  }

  toSave(): PersonRow[] {
    return [...this.dirty].flatMap((id) => (this.gone.has(id) ? [] : [this.persons.get(id)!]));
  }
}

/** Sets `__proto__` and its like as ordinary names. */
function setOwn(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
