import type { GoldenRecord } from "./golden-record.ts";
import type { GroupSummary } from "./group.ts";
import type { Identifier } from "./normalise-identifier.ts";

/** A person as the writer needs it: the summary of its group and its golden record. */
export interface PersonState extends GroupSummary {
  id: string;
  /** Event time of the earliest observation. */
  createdAt: string;
  record: GoldenRecord;
}

/** Why an identifier joins nobody, where it is not that too many claim it. */
export type GenericCause = "BLOCKED_VALUE" | "OVERSIZE_COMPONENT";

/** An identifier with the event time at which it was first seen. */
export interface SeenIdentifier extends Identifier {
  firstSeenAt: string;
}

/** An identifier of the graph with what is known about it. */
export interface KnownIdentifier extends SeenIdentifier {
  /** Null only inside a transaction, while a recomputation will place it. */
  personId: string | null;
  /** The person id that is its own: the first it had, or one it was given by a split. */
  originId: string | null;
  lastSeenAt: string;
  /** Distinct source names, ascending, at most 20. */
  sources: readonly string[];
  /** False while it was only named as the previous id of an alias. */
  seen: boolean;
  /** Ties to limited identifiers of persons; above the policy's bound it is generic. */
  claims: number;
  generic: boolean;
  /** Missing where it is not generic, or generic by the number of its claims. */
  genericCause?: GenericCause;
}
