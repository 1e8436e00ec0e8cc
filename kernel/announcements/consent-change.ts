import type { IdentifierRef } from "./identity-announcements.ts";

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
  cause: { messageId: string | null; statementId: string | null };
}
