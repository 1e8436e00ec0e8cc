/**
 * When a failed delivery is tried again: pauses between attempts, in order; after the last it is
 * dead.
 */
export interface RetrySchedule {
  /**
   * Milliseconds, at least one entry; one entry more than attempts that may fail before the last.
   */
  pausesMs: readonly number[];
  /** A `Retry-After` is honoured up to this. */
  retryAfterMsMax: number;
}

/**
 * Each pause varies by this share around its value, so that a recovered endpoint is not stormed.
 */
const jitterShare = 0.2;

/**
 * Milliseconds until the next attempt after `tries` tries (1 or more), or null: give up. `chance`
 * is uniform in [0, 1). A wish of the endpoint (`Retry-After`) only ever lengthens the pause.
 */
export function nextPauseMs(
  schedule: RetrySchedule,
  tries: number,
  retryAfterMs: number | null,
  chance: number,
): number | null {
  const pause = schedule.pausesMs[tries - 1];
  if (pause === undefined) return null;
  const jittered = Math.round(pause * (1 + jitterShare * (2 * chance - 1)));
  const wished = Math.min(Math.max(retryAfterMs ?? 0, 0), schedule.retryAfterMsMax);
  return Math.max(jittered, wished);
}

/**
 * Milliseconds a `Retry-After` asks for, however many: seconds or an HTTP date. Null when absent or
 * unreadable.
 */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
