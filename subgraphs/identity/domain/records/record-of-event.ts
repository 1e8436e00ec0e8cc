import type { AcceptedEvent } from "../../../../kernel/announcements/accepted-event.ts";
import { problem } from "../../../../kernel/errors/problem.ts";
import type { IdentifierReader } from "../normalise-identifier.ts";
import { type ReadRecord, readRecord } from "./read-record.ts";
import { type RecordKind, recordKinds } from "./source-record.ts";

/**
 * The record that an event carries in `context.record { kind, key, attributes }`: an entry of the
 * event's source, as it was then. It is of whom the event names (devices and sessions are not part
 * of an entry); without attributes of its own it says the event's traits. Null: it carries none.
 */
export function recordOfEvent(
  { context, source, occurredAt, identifiers, traits }: AcceptedEvent,
  reader: IdentifierReader,
  now: Date,
): ReadRecord | null {
  const { record } = context;
  if (record === undefined || record === null) return null;
  const said = typeof record === "object" ? (record as Record<string, unknown>) : {};
  const { key, attributes } = said;
  const kind = kindOf(said.kind ?? "OTHER");
  if ((typeof key !== "string" && !Number.isSafeInteger(key)) || kind === null) {
    const message = "A record has a kind and a key.";
    return { record: null, problems: [problem("RECORD_INVALID", message, ["context", "record"])] };
  }
  const raw = {
    kind,
    key: String(key).trim(),
    observedAt: occurredAt,
    identifiers: identifiers.filter((each) => reader.read(each).identifier?.kind === "PERSON"),
    attributes: attributes ?? traits,
  };
  return readRecord(raw, source, now, ["context", "record"]);
}

function kindOf(said: unknown): RecordKind | null {
  // Any JSON may stand there, also what cannot be made a text.
  const name = typeof said === "string" ? said.toUpperCase() : null;
  return recordKinds.find((kind) => kind === name) ?? null;
}
