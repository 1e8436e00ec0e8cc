/** An identifier whose traces are to go, and what stands in its place where a place must stay. */
export interface ErasedIdentifier {
  namespace: string;
  value: string;
  /** A keyed hash: tells two erased values apart, and says nothing about either. */
  token: string;
  /**
   * Null on both ends: all of it goes. Else the identifier is shared with somebody who stays, and
   * only what happened in `[from, until)` was the erased one's. Event time, ISO 8601.
   */
  from: string | null;
  until: string | null;
  /** False: shared, so it stays an identifier. */
  isGone: boolean;
}

/** Whom identity asks the other subgraphs to forget. */
export interface ErasedSubject {
  erasureId: string;
  identifiers: readonly ErasedIdentifier[];
  /** Persons that are no more; for a lone identifier none, its person goes on. */
  personIds: readonly string[];
  /** The person that a lone identifier was taken from. */
  remainingPersonId: string | null;
  /** What happened up to then is forgotten, and not taken in again. ISO 8601. */
  erasedAt: string;
}

/**
 * A store forgets in steps of about a second, so that an engine is never held for long and a crash
 * repeats one step at the most.
 */
export interface ErasureStep {
  isDone: boolean;
  /** Where the next step goes on; opaque to who asks. */
  next: string | null;
}

/** Milliseconds that one step may work. */
export const erasureStepMs = 1_000;

export const erasureDone: ErasureStep = { isDone: true, next: null };

/** Keys of what goes as a whole. */
export function goneKeys(subject: ErasedSubject): string[] {
  return subject.identifiers.filter(({ isGone }) => isGone).map(keyOf);
}

export function keyOf({ namespace, value }: { namespace: string; value: string }): string {
  return `${namespace}:${value}`;
}
