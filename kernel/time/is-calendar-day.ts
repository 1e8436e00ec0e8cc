/**
 * Whether an ISO 8601 text begins with a day that there is. `Date` takes 30 February for 2 March, and so
 * would turn a mistake into another day.
 */
export function isCalendarDay(iso: string): boolean {
  const found = /^([+-]?\d{4,6})-(\d\d)-(\d\d)/.exec(iso);
  if (!found) return false;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  // The calendar repeats every 400 years; small years mean others to Date.
  const daysOfMonth = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth;
}
