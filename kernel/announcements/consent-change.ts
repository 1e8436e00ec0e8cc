import type { IdentifierRef } from "./identity-announcements.ts";

/** What made it so: an event, a statement, identifiers that changed hands; all null: none of them. */
export interface ConsentCause {
  messageId: string | null;
  eventName: string | null;
  statementId: string | null;
  identityChangeId: string | null;
}

export const noConsentCause: ConsentCause = {
  messageId: null,
  eventName: null,
  statementId: null,
  identityChangeId: null,
};

/** Stream `consent`, kind `CONSENT`, key = identifier key (or `*`): what may be done with someone changed. */
export interface ConsentChange {
  /** Null when the purpose itself changed for everybody. */
  identifier: IdentifierRef | null;
  personId: string | null;
  /** Null: any purpose (a suppression). */
  purpose: string | null;
  /** Null: any channel. */
  channel: string | null;
  occurredAt: string;
  cause: ConsentCause;
}
