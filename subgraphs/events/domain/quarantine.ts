import type { EventType } from "../../../kernel/announcements/accepted-event.ts";
import type { Violation } from "./read-event.ts";

export const quarantineStates = ["WAITING", "REPLAYED", "MENDED", "DISCARDED"] as const;
export type QuarantineState = (typeof quarantineStates)[number];

/** An event that broke its contract, whole, with all its reasons. */
export interface QuarantinedEvent {
  place: number;
  key: string;
  messageId: string;
  source: string;
  type: EventType;
  event: string | null;
  contractVersion: number | null;
  receivedAt: Date;
  violations: Violation[];
  /** As it was sent, with what it inherited from its batch. */
  payload: Record<string, unknown>;
  state: QuarantineState;
  settledAt: Date | null;
  reason: string | null;
}

/** Which quarantined events are meant; an absent condition holds for all. */
export interface QuarantineFilter {
  sources: readonly string[] | null;
  events: readonly string[] | null;
  messageIds: readonly string[] | null;
  states: readonly QuarantineState[] | null;
  receivedFrom: Date | null;
  receivedUntil: Date | null;
}

/**
 * An event with a patch applied, as RFC 7396 says (JSON Merge Patch): null removes a field, an object is
 * merged, all else replaces. Changes neither argument. Nesting is bounded by the border.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [name, part] of Object.entries(patch)) {
    if (name === "__proto__") continue;
    if (part === null) delete merged[name];
    else merged[name] = mergePatch(Object.hasOwn(merged, name) ? merged[name] : undefined, part);
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
