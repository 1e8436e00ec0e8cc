import type { EventType } from "../../../kernel/announcements/accepted-event.ts";

/** Which events of a timeline are wanted; an absent condition holds for all. Half-open in time. */
export interface TimelineFilter {
  names: readonly string[] | null;
  types: readonly EventType[] | null;
  sources: readonly string[] | null;
  from: Date | null;
  until: Date | null;
}

export const everything: TimelineFilter = {
  names: null,
  types: null,
  sources: null,
  from: null,
  until: null,
};

/** The sort key of an entry: newest first by event time (ms since 1970), then by position. */
export type TimelineKey = readonly [at: number, position: number];

/** The same text for filters that mean the same: pages of many persons are read together by it. */
export function filterKey(filter: TimelineFilter): string {
  return JSON.stringify([filter.names, filter.types, filter.sources, filter.from, filter.until]);
}
