import type { DeliveryRecord } from "./delivery-record.ts";
import type { NewDelivery } from "./postgres-telling-store.ts";

/** A due delivery with what decides whether it is still to be sent. */
export interface DueDelivery extends DeliveryRecord {
  /** The fence: whoever changes the delivery raises it. */
  claim: number;
  touched: boolean;
  tries: number;
  told: boolean;
  refused: boolean;
  /** Whether it is still the open message of its telling. */
  current: boolean;
  member: boolean;
  memberVersion: number | null;
  survivor: string | null;
}

/** What a delivery is when it has just been opened, as `due` would read it. */
export function freshDelivery(
  opened: NewDelivery,
  telling: Pick<DueDelivery, "told" | "refused" | "member" | "memberVersion" | "survivor">,
  now: Date,
): DueDelivery {
  return {
    ...opened,
    ...telling,
    status: "PENDING",
    attemptCount: 0,
    attempts: [],
    held: null,
    note: null,
    createdAt: now,
    updatedAt: now,
    claim: 0,
    tries: 0,
    current: true,
  };
}
