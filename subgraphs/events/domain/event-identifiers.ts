import type { EventType, RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { isIdentifierSize } from "../../../kernel/persons/identifier-size.ts";
import { isDamagedText } from "./clean-json.ts";
import { limits } from "./limits.ts";

/** The parts of an event that may name somebody; ids are text already, or null. */
export interface NamingParts {
  type: EventType;
  userId: string | null;
  anonymousId: string | null;
  previousId: string | null;
  traits: Record<string, unknown>;
  context: Record<string, unknown>;
}

const namespacePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/** An id as text; null when it is absent; undefined when it is none (object, fraction, unsafe number, …). */
export function readId(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return null;
  if (typeof value === "number") {
    // 12345678901234567890 has lost its last digits when it gets here: two people could become one.
    // 1.10 has become 1.1 likewise.
    return Number.isSafeInteger(value) ? String(value) : undefined;
  }
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (text === "") return null;
  return !isIdentifierSize(text) || isDamagedText(text) ? undefined : text;
}

/**
 * Whom an event names, not normalised, without repeats, at most `identifiersMax`, in the order of
 * `AcceptedEvent.identifiers`. What cannot be an identifier is passed over; it stays in the event.
 */
export function identifiersOf(parts: NamingParts): RawIdentifier[] {
  const found = new Found();
  found.add("user_id", parts.userId);
  found.add("anonymous_id", parts.anonymousId);
  if (parts.type === "ALIAS") addPrevious(found, parts);
  addExternalIds(found, parts.context.externalIds);
  addTraits(found, parts);
  addDevice(found, parts.context.device);
  found.add("session_id", parts.context.sessionId);
  return found.identifiers;
}

class Found {
  readonly identifiers: RawIdentifier[] = [];
  private readonly seen = new Set<string>();

  add(namespace: string, raw: unknown): void {
    const value = readId(raw);
    if (value === null || value === undefined) return;
    const key = `${namespace}:${value}`;
    if (this.seen.has(key) || this.identifiers.length >= limits.identifiersMax) return;
    this.seen.add(key);
    this.identifiers.push({ namespace, value });
  }
}

/**
 * Segment's `previousId` is an earlier user id or an anonymous id, and does not say which. It is named
 * in both namespaces, unless the event itself says that it is the anonymous id.
 */
function addPrevious(found: Found, parts: NamingParts): void {
  found.add("anonymous_id", parts.previousId);
  if (parts.previousId !== parts.anonymousId) found.add("user_id", parts.previousId);
}

/** `context.externalIds`: `{ id, type, collection, encoding }`; only people, only plain text. */
function addExternalIds(found: Found, externalIds: unknown): void {
  if (!Array.isArray(externalIds)) return;
  for (const entry of externalIds.slice(0, limits.identifiersMax)) {
    if (!isRecord(entry) || typeof entry.type !== "string") continue;
    const { collection = "users", encoding = "none" } = entry;
    if (collection !== "users" || encoding !== "none") continue;
    const namespace = entry.type.trim();
    if (namespacePattern.test(namespace)) found.add(namespace, entry.id);
  }
}

/** The traits of a group call are the group's, not the person's. */
function addTraits(found: Found, parts: NamingParts): void {
  const contextTraits = isRecord(parts.context.traits) ? parts.context.traits : {};
  const own = parts.type === "GROUP" ? {} : parts.traits;
  for (const name of ["email", "phone"]) {
    found.add(name, own[name] ?? contextTraits[name]);
  }
}

function addDevice(found: Found, device: unknown): void {
  if (!isRecord(device)) return;
  found.add("device_id", device.id);
  const namespace = advertisingNamespace(device.type);
  if (namespace !== null && device.adTrackingEnabled !== false) {
    found.add(namespace, device.advertisingId);
  }
}

/** Segment's names: `ios.idfa`, `android.idfa`. */
function advertisingNamespace(deviceType: unknown): string | null {
  if (typeof deviceType !== "string") return null;
  const type = deviceType.toLowerCase();
  return type === "ios" || type === "android" ? `${type}.idfa` : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
