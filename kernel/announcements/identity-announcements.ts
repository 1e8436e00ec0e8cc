/** A normalised identifier with its key: `namespace:value`, unique over the graph. */
export interface IdentifierRef {
  namespace: string;
  value: string;
}

export function identifierKey(identifier: IdentifierRef): string {
  return `${identifier.namespace}:${identifier.value}`;
}

export const identityChangeKinds = ["CREATE", "LINK", "MERGE", "SPLIT", "UNLINK", "ERASE"] as const;
export type IdentityChangeKind = (typeof identityChangeKinds)[number];

/** What led to a change: an event (message id), a rule, a human's decision. */
export interface ChangeCause {
  messageId: string | null;
  eventName: string | null;
  rule: string | null;
  decision: string | null;
}

/** An identifier that belongs to another person than before; `from` or `to` null: none. */
export interface IdentifierMove {
  namespace: string;
  value: string;
  /** PERSON | DEVICE | SESSION: only PERSON identifiers may be used to address someone. */
  kind: "PERSON" | "DEVICE" | "SESSION";
  from: string | null;
  to: string | null;
}

/** Stream `identity`, kind `CHANGE`, key = first person id: one audited change of the graph. */
export interface IdentityChange {
  id: string;
  kind: IdentityChangeKind;
  occurredAt: string;
  /** Survivor (or the person itself) first. */
  personIds: string[];
  moves: IdentifierMove[];
  /** Ids that now redirect: old id to survivor. A split that gives an id back lists it with itself. */
  redirects: { from: string; to: string }[];
  actor: string | null;
  reason: string | null;
  reverts: string | null;
  cause: ChangeCause;
}

/** Stream `identity`, kind `PROFILE`, key = person id: the golden record of a person changed. */
export interface ProfileChange {
  personId: string;
  occurredAt: string;
  /** CREATED, IDENTIFIERS, TRAITS, MERGED, SPLIT, DEVICES, ACCOUNTS. */
  kinds: string[];
  /** New values by trait name; null where a trait has gone. Values are any JSON. */
  traits: Record<string, unknown>;
  cause: ChangeCause & { identityChangeId: string | null };
}

/**
 * Stream `identity`, kind `RESOLVED`: a run of accepted events whose identity is settled; it follows the
 * CHANGE and PROFILE entries those events caused. The events themselves are read from stream `events`.
 */
export interface ResolvedEvents {
  /** First and last position in stream `events`. */
  from: number;
  to: number;
  /**
   * One for each event of the run, ascending: its position, the key of the identifier on which its facts
   * hang (null when it names nobody: all its identifiers are blocked), the person now.
   */
  subjects: { position: number; subjectKey: string | null; personId: string | null }[];
}
