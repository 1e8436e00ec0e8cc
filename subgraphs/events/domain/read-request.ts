import type { EventType } from "../../../kernel/announcements/accepted-event.ts";
import { problem, type Problem } from "../../../kernel/errors/problem.ts";
import { cleanJson } from "./clean-json.ts";
import { limits } from "./limits.ts";

/** What a request carries: its events as written and what they inherit; not yet read one by one. */
export interface ReadRequest {
  events: unknown[];
  sentAt: unknown;
  timestamp: unknown;
  context: unknown;
  type: EventType | null;
  isWithinEventBytes: boolean;
}

/**
 * Takes the parsed body of a call apart. `type` is null for a batch. A problem here refuses the whole
 * request: there are no events to tell good from bad.
 */
export function readRequest(
  body: unknown,
  type: EventType | null,
  bodyBytes: number,
): ReadRequest | Problem {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return problem("INVALID_BODY", "The body is a JSON object.");
  }
  const fields = body as Record<string, unknown>;
  const isWithinEventBytes = bodyBytes <= limits.eventBytesMax;
  if (type !== null) {
    const { sentAt } = fields;
    return { events: [fields], sentAt, timestamp: null, context: null, type, isWithinEventBytes };
  }
  const { batch, sentAt, timestamp } = fields;
  if (!Array.isArray(batch)) {
    return problem("BATCH_MISSING", "A batch call carries a list of events as batch.", ["batch"]);
  }
  const context = readContext(fields.context, batch.length);
  if ("code" in context) return context;
  const refused = checkCount(batch.length);
  return refused ?? { events: batch, sentAt, timestamp, ...context, type, isWithinEventBytes };
}

function checkCount(count: number): Problem | null {
  if (count <= limits.batchEventsMax) return null;
  const message = `The batch has ${count} events; at most ${limits.batchEventsMax} are taken.`;
  return problem("BATCH_TOO_LARGE", message, ["batch"]);
}

/** The context that every event inherits is kept with each, so their product is bounded. */
function readContext(context: unknown, events: number): { context: unknown } | Problem {
  if (context === undefined || context === null) return { context: null };
  const clean = cleanJson(context);
  if (!clean.ok) return problem("CONTEXT_TOO_DEEP", "The context is nested too deep.", ["context"]);
  const bytes = JSON.stringify(clean.value).length;
  if (bytes <= limits.eventBytesMax && bytes * events <= limits.inheritedBytesMax) {
    return { context: clean.value };
  }
  const message = `A context of ${bytes} bytes is too large for ${events} events to inherit.`;
  return problem("CONTEXT_TOO_LARGE", message, ["context"]);
}

/** A list of events without an envelope, as GraphQL brings them. */
export function readEventList(events: unknown[]): ReadRequest | Problem {
  const refused = checkCount(events.length);
  if (refused) return { ...refused, path: ["events"] };
  return {
    events,
    sentAt: null,
    timestamp: null,
    context: null,
    type: null,
    isWithinEventBytes: false,
  };
}
