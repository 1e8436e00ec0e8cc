import type { ChangeCause } from "./identity-announcements.ts";

/** Stream `memberships`, kind `MEMBERSHIP`, key = person id: a person entered or exited an audience. */
export interface MembershipChange {
  audience: string;
  version: number;
  kind: "ENTERED" | "EXITED";
  personId: string;
  occurredAt: string;
  /**
   * What made it so: no event, rule or decision when a window ran out or the audience was activated.
   * The identity change is the last one of the person until then.
   */
  cause: ChangeCause & { identityChangeId: string | null };
}
