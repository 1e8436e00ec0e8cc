import type { ErasedIdentifier } from "../../../kernel/privacy/erased-subject.ts";

/** What an erasure goes through, in this order; each has a state of its own. */
export const erasureStores = [
  "destinations",
  "identity",
  "traits",
  "events",
  "consent",
  "audiences",
  "experiments",
  "activation",
  "audit",
  "stream",
  "records",
] as const;
export type ErasureStore = (typeof erasureStores)[number];

export type ErasureState = "PENDING" | "RUNNING" | "DONE";

export interface StoreProgress {
  name: ErasureStore;
  state: ErasureState;
}

/** Whom an erasure is about, as it was asked for: ids and keys as they were found then. */
export type ErasureTarget =
  | { personId: string; identifierKey: null }
  | { personId: string | null; identifierKey: string };

/**
 * What an erasure has to remember while it runs. It names the erased, so it is thrown away in the
 * end.
 */
export interface ErasureWork {
  target: ErasureTarget;
  /** Persons that are no more: the target's, unless a lone identifier is erased. */
  personIds: string[];
  /** Ids that were merged into them. */
  formerIds: string[];
  /** Others of changes of theirs: while they were one, a profile of these showed what was theirs. */
  companionIds?: string[];
  remainingPersonId: string | null;
  identifiers: ErasedIdentifier[];
  erasedAt: string;
  /** Destinations have until then to be told by the identifiers that go. */
  exitsUntil: string;
  changeIds: string[];
  /** Of the ERASE entry in stream `identity`; null: not yet known. */
  position: number | null;
  /** Head of stream `identity` before the graph forgot. */
  headBefore: number;
  /** Where each stream must have been read to before the store at hand is asked. */
  barrier: Record<string, number> | null;
  /** Where the store at hand goes on. */
  next: string | null;
}

export interface Erasure {
  id: string;
  state: ErasureState;
  reason: string;
  actor: string;
  personId: string | null;
  createdAt: string;
  finishedAt: string | null;
  stores: StoreProgress[];
  /** Null when done. */
  work: ErasureWork | null;
  attempts: number;
}

/** The audit entry of an erasure: one for each, so that a repetition finds it. */
export function changeIdOf(erasureId: string): string {
  return erasureId.replace("erasure_", "change_");
}
