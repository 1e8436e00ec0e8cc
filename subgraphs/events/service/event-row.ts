import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { EventRow } from "../store/event-log.ts";

/** An event that passed, ready to be written. */
export function rowOf(key: string, event: AcceptedEvent): EventRow {
  return { key, payload: JSON.stringify(event), event, quarantine: null };
}
