/** How sure the platform is that a fact's subject and the person asked about are the same human. */
export type LinkBand = "HIGH" | "MEDIUM" | "LOW";

export type StatementKind = "GRANT" | "WITHDRAW";

/** One thing somebody said about a use. Instants are epoch milliseconds throughout the domain. */
export interface StatementFact {
  /** Identifier key it hangs on; null when it was said by the person as such. */
  subject: string | null;
  /** Purpose key (`purposeKey`). */
  purpose: string;
  /** Null: every channel of the purpose. */
  channel: string | null;
  kind: StatementKind;
  statedAt: number;
  /**
   * Last time the same subject was seen to hold it still (a banner repeats itself on each event).
   */
  heldAt: number;
  /** Said by an operator or an import, not by the person. */
  byOperator: boolean;
  expiresAt: number | null;
  noticeVersion: number | null;
  /** False while a double opt-in waits for its second step. */
  isConfirmed: boolean;
  /** The event that carried it. */
  messageId: string | null;
  band: LinkBand;
}

/**
 * From `from` on the subject belonged to that person; ascending per subject, as it came to be
 * known.
 */
export interface Tenure {
  subject: string;
  /** Null: to nobody. */
  fromPersonId: string | null;
  toPersonId: string | null;
  at: number;
  /** The event that made it known. */
  messageId: string | null;
}

export interface SuppressionFact {
  /** Identifier key of the address. */
  address: string;
  /** Null: every channel. */
  channel: string | null;
  /** HARD_BOUNCE, COMPLAINT, UNSUBSCRIBE, STOP, TOPIC, MANUAL, … */
  reason: string;
  topic: string | null;
}

/** A privacy signal of a browser or a consent platform, decoded. */
export type PrivacySignal =
  | { kind: "GPC"; isOn: boolean }
  | { kind: "GPP"; saleOptOut: boolean }
  | {
      kind: "TCF";
      policyVersion: number;
      purposes: readonly number[];
      vendors: readonly number[];
      /** Null when the string does not say which vendors were shown. */
      disclosedVendors: readonly number[] | null;
    };

/** A dealing that some laws take as consent for a while: `PURCHASE`, `INQUIRY`. */
export interface RelationshipFact {
  kind: string;
  at: number;
}

/** All that is known about one person when a decision is asked for. */
export interface ConsentFacts {
  statements: readonly StatementFact[];
  tenures: readonly Tenure[];
  suppressions: readonly SuppressionFact[];
  signals: readonly PrivacySignal[];
  relationships: readonly RelationshipFact[];
  /** The person's identifier keys, for a request that names no address. */
  identifiers: readonly string[];
  erasedAt: number | null;
  restrictedSince: number | null;
  birthYear: number | null;
  timeZone: string | null;
  /** Messages already sent in the window of the cap; null: no cap applies. */
  cap: { sent: number; max: number } | null;
  /** `["21:00", "08:00"]` in the person's time zone. */
  quietHours: readonly [string, string] | null;
}

export const noFacts: ConsentFacts = {
  statements: [],
  tenures: [],
  suppressions: [],
  signals: [],
  relationships: [],
  identifiers: [],
  erasedAt: null,
  restrictedSince: null,
  birthYear: null,
  timeZone: null,
  cap: null,
  quietHours: null,
};
