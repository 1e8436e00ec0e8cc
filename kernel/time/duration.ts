const pattern =
  /^P(?=\d|T\d)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?$/;

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Milliseconds of an ISO 8601 duration in weeks, days, hours, minutes and seconds (`P7D`, `PT24H`).
 * Years and months have no fixed length and are refused. Null when the text is no such duration.
 */
export function durationToMs(text: string): number | null {
  const parts = pattern.exec(text);
  if (!parts) return null;
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (weeks! * 7 + days!) * dayMs + hours! * hourMs + minutes! * minuteMs + seconds! * secondMs;
}
