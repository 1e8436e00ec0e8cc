import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import { factName } from "../domain/compiled-rule.ts";
import { isName } from "../domain/rule-problems.ts";
import type { EventFactRow } from "../store/projection-store.ts";

/** An event with the fact it is for its subject. */
export interface SubjectEvent {
  fact: EventFactRow;
  /** As rules see them: with the name of a page or screen. */
  properties: Record<string, unknown>;
  event: AcceptedEvent;
}

/**
 * The fact that rules can count: of tracks, pages and screens; null for all others and for names
 * that no rule can name. The name of a page or screen stands among its properties.
 */
export function factOf(
  position: number,
  subjectKey: string,
  event: AcceptedEvent,
): SubjectEvent | null {
  const { type, name } = event;
  if (type !== "TRACK" && type !== "PAGE" && type !== "SCREEN") return null;
  if (type === "TRACK" && !isName(name ?? "")) return null;
  const properties =
    type === "TRACK" || name === null ? event.properties : { ...event.properties, name };
  const fact: EventFactRow = {
    subjectKey,
    factName: factName(type, name),
    atMs: Date.parse(event.occurredAt),
    position,
    properties: JSON.stringify(properties),
  };
  return { fact, properties, event };
}
