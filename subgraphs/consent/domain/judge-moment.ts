import type { ConsentFacts } from "./consent-facts.ts";
import type { ReasonCode } from "./reason.ts";

/** What speaks against this moment only: the message waits. */
export function judgeMoment(facts: ConsentFacts, now: number): ReasonCode[] {
  const against: ReasonCode[] = [];
  if (facts.cap !== null && facts.cap.sent >= facts.cap.max) against.push("FREQUENCY_CAP");
  if (facts.quietHours !== null && isQuiet(facts.quietHours, facts.timeZone, now)) {
    against.push("QUIET_HOURS");
  }
  return against;
}

/** Half-open `[from, until)`, over midnight when `from` is the later one. */
function isQuiet(hours: readonly [string, string], timeZone: string | null, now: number): boolean {
  const [from, until] = hours;
  const local = localTime(now, timeZone);
  return from <= until ? local >= from && local < until : local >= from || local < until;
}

/** `HH:MM` in the time zone; in UTC when it is unknown or no time zone at all. */
function localTime(now: number, timeZone: string | null): string {
  const format = (zone: string) =>
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    }).format(new Date(now));
  try {
    return format(timeZone ?? "UTC");
  } catch {
    return format("UTC");
  }
}
