import type { AttemptOutcome } from "./delivery.ts";

/** What came of one attempt, as the destination kind saw it. */
export type SendResult =
  | { kind: "ANSWERED"; httpStatus: number; retryAfterMs: number | null }
  /** No connection was made: nothing has left. */
  | { kind: "UNREACHABLE"; message: string }
  /** The address is not one we may call. */
  | { kind: "BLOCKED"; message: string }
  /** It may or may not have arrived. */
  | { kind: "TIMED_OUT" }
  | { kind: "BROKEN"; message: string };

/** What follows from a result. `certain`: the endpoint surely does not hold the message. */
export interface Verdict {
  outcome: AttemptOutcome;
  next: "DONE" | "RETRY" | "GIVE_UP";
  certain: boolean;
  disablesDestination: boolean;
  httpStatus: number | null;
  message: string | null;
  retryAfterMs: number | null;
}

const retriedStatuses = new Set([408, 425, 429]);
/** A proxy spoke, not the endpoint: the endpoint behind it may have the message. */
const proxyStatuses = new Set([502, 504]);

/**
 * 2xx is done; 408, 425, 429 and 5xx are retried; 410 disables the destination; all else gives up.
 */
export function judge(result: SendResult): Verdict {
  switch (result.kind) {
    case "ANSWERED":
      return judgeStatus(result.httpStatus, result.retryAfterMs);
    case "UNREACHABLE":
      return { ...failed, message: result.message, certain: true };
    case "BLOCKED":
      return {
        ...failed,
        outcome: "BLOCKED",
        next: "GIVE_UP",
        message: result.message,
        certain: true,
      };
    case "TIMED_OUT":
      return { ...failed, outcome: "TIMED_OUT", message: "No answer in time", certain: false };
    case "BROKEN":
      return { ...failed, message: result.message, certain: false };
  }
}

const failed: Verdict = {
  outcome: "FAILED",
  next: "RETRY",
  certain: true,
  disablesDestination: false,
  httpStatus: null,
  message: null,
  retryAfterMs: null,
};

function judgeStatus(httpStatus: number, retryAfterMs: number | null): Verdict {
  if (httpStatus >= 200 && httpStatus < 300) {
    return { ...failed, outcome: "DELIVERED", next: "DONE", httpStatus };
  }
  const retried = httpStatus >= 500 || retriedStatuses.has(httpStatus);
  return {
    outcome: "REFUSED",
    next: retried ? "RETRY" : "GIVE_UP",
    certain: !proxyStatuses.has(httpStatus),
    disablesDestination: httpStatus === 410,
    httpStatus,
    message: refusalMessage(httpStatus),
    retryAfterMs,
  };
}

function refusalMessage(httpStatus: number): string {
  if (httpStatus === 410) return "The endpoint is gone: the destination was disabled";
  if (httpStatus >= 300 && httpStatus < 400) return "Redirects are not followed";
  return `The endpoint answered ${httpStatus}`;
}
