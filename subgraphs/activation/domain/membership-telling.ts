import type { DeliveryStatus } from "./delivery.ts";

/**
 * What a destination has been told about one person in one sync, against what is so now.
 *
 * `told` is what the destination last confirmed. At most one message is open at a time, so order is
 * kept by construction; it says the opposite of `told`: ENTERED while told OUT, EXITED while told
 * IN.
 */
export type Told = "IN" | "OUT";

/**
 * The open message. UNCERTAIN: an attempt ended without a clear answer (timeout, broken connection,
 * crash), so the destination may have it. DEAD: given up; DEAD_UNCERTAIN: given up and it may have
 * it.
 */
export type OpenMessage =
  | "NONE"
  | "WAITING"
  | "WITHHELD"
  | "SENDING"
  | "UNCERTAIN"
  | "DEAD"
  | "DEAD_UNCERTAIN";

/** What should be so: IN when a member (and not refused by consent once told), else OUT. */
export type Wanted = "IN" | "OUT";

/**
 * REST: nothing to do. OPEN: open the message that leads to what is wanted. CANCEL: the open
 * message was never seen and is no longer true: supersede it. COMPENSATE: the open ENTERED may have
 * been seen: supersede it, take the destination as told IN, open EXITED. FORGET: the dead message
 * is no longer wanted; leave it in the ledger. REVIVE: the dead EXITED may have been seen and must
 * be settled first.
 */
export type TellingStep = "REST" | "OPEN" | "CANCEL" | "COMPENSATE" | "FORGET" | "REVIVE";

type Row = Record<OpenMessage, TellingStep>;

/** Total: every told state, every wish, every open message. The test reads it as a table. */
export const tellingTable: Record<Told, Record<Wanted, Row>> = {
  OUT: {
    IN: {
      NONE: "OPEN",
      WAITING: "REST",
      WITHHELD: "REST",
      SENDING: "REST",
      UNCERTAIN: "REST",
      DEAD: "REST",
      DEAD_UNCERTAIN: "REST",
    },
    OUT: {
      NONE: "REST",
      WAITING: "CANCEL",
      WITHHELD: "CANCEL",
      SENDING: "REST",
      UNCERTAIN: "COMPENSATE",
      DEAD: "FORGET",
      DEAD_UNCERTAIN: "COMPENSATE",
    },
  },
  IN: {
    IN: {
      NONE: "REST",
      WAITING: "CANCEL",
      WITHHELD: "CANCEL",
      SENDING: "REST",
      UNCERTAIN: "REST",
      DEAD: "FORGET",
      DEAD_UNCERTAIN: "REVIVE",
    },
    OUT: {
      NONE: "OPEN",
      WAITING: "REST",
      WITHHELD: "REST",
      SENDING: "REST",
      UNCERTAIN: "REST",
      DEAD: "REST",
      DEAD_UNCERTAIN: "REST",
    },
  },
};

export function tellingStep(told: Told, wanted: Wanted, open: OpenMessage): TellingStep {
  return tellingTable[told][wanted][open];
}

/**
 * Who is told IN stays in while a member whom consent has not refused since. Who is told OUT is
 * wanted in as a member alone: consent is asked when the ENTERED is about to be sent, and withholds
 * it there, so that "in the audience but not allowed" is visible in the ledger.
 */
export function wantedFor(told: Told, member: boolean, refused: boolean): Wanted {
  if (!member) return "OUT";
  return told === "IN" && refused ? "OUT" : "IN";
}

/**
 * Reads the open message from its ledger row; `touched`: an attempt may have reached the endpoint.
 */
export function openMessage(status: DeliveryStatus | null, touched: boolean): OpenMessage {
  switch (status) {
    case null:
    case "DELIVERED":
    case "SUPERSEDED":
    case "CANCELLED":
      return "NONE";
    case "WITHHELD":
      return "WITHHELD";
    case "SENDING":
      return "SENDING";
    case "DEAD":
      return touched ? "DEAD_UNCERTAIN" : "DEAD";
    case "PENDING":
    case "RETRYING":
      return touched ? "UNCERTAIN" : "WAITING";
  }
}
