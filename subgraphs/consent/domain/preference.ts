import type { StatementKind } from "./consent-facts.ts";
import { purposeKey } from "./consent-policy.ts";

/** One preference found in an event. */
export interface Preference {
  /** Purpose or category as the sender wrote it. */
  purpose: string;
  channel: string | null;
  kind: StatementKind;
  method: string;
  /**
   * The person acted. A preference that merely rides along on an event (a banner stamps it on each)
   * counts as said only when it is new.
   */
  isAct: boolean;
}

/** The parts of an event that can carry preferences. */
export interface PreferenceCarrier {
  type: string;
  name: string | null;
  properties: Record<string, unknown>;
  context: Record<string, unknown>;
}

/** More than these in one event are not read: nobody asks a person for so many. */
export const preferencesPerEventMax = 50;
const nameCharactersMax = 100;

const actNames = new Set([
  "consentpreference",
  "consentpreferences",
  "consentpreferenceupdated",
  "segmentconsentpreference",
  "segmentconsentpreferenceupdated",
]);

/** Whether the event is the reserved one by which a person states preferences. */
export function isPreferenceEvent(event: PreferenceCarrier): boolean {
  if (event.type !== "TRACK" || event.name === null) return false;
  return actNames.has(event.name.toLowerCase().replace(/[^a-z]/g, ""));
}

/**
 * The preferences an event carries: `context.consent.categoryPreferences` (Segment),
 * `context.consentManagement` (RudderStack), and in the reserved event `properties` of the form
 * `{ purpose, channel, kind }` or `{ preferences: { purpose: boolean } }`.
 */
export function preferencesOf(event: PreferenceCarrier): Preference[] {
  const isAct = isPreferenceEvent(event);
  const found = [
    ...categoryPreferences(event.context["consent"], isAct),
    ...managedPreferences(event.context["consentManagement"], isAct),
    ...(isAct ? statedPreferences(event.properties) : []),
  ];
  return firstOf(found.filter((one) => isUsableName(one.purpose)));
}

/** Of too many the refusals come first: a consent that goes unread denies, a refusal would allow. */
function firstOf(found: Preference[]): Preference[] {
  if (found.length <= preferencesPerEventMax) return found;
  const refusals = found.filter(({ kind }) => kind === "WITHDRAW");
  const consents = found.filter(({ kind }) => kind === "GRANT");
  return [...refusals, ...consents].slice(0, preferencesPerEventMax);
}

/** Whether the sender's browser asked for no sale and no sharing; null: it said nothing. */
export function globalPrivacyControlOf(event: PreferenceCarrier): boolean | null {
  const consent = asRecord(event.context["consent"]);
  for (const value of [consent["gpc"], event.context["gpc"]]) {
    if (value === true || value === 1 || value === "1") return true;
    if (value === false || value === 0 || value === "0") return false;
  }
  return null;
}

function categoryPreferences(consent: unknown, isAct: boolean): Preference[] {
  const preferences = asRecord(asRecord(consent)["categoryPreferences"]);
  return fromMap(preferences, isAct, "category-preferences");
}

function managedPreferences(management: unknown, isAct: boolean): Preference[] {
  const { allowedConsentIds, deniedConsentIds } = asRecord(management);
  const read = (ids: unknown, kind: StatementKind) =>
    (Array.isArray(ids) ? ids : [])
      .filter((id) => typeof id === "string")
      .map((id) => preference(id, kind, isAct, "consent-management"));
  return [...read(allowedConsentIds, "GRANT"), ...read(deniedConsentIds, "WITHDRAW")];
}

function statedPreferences(properties: Record<string, unknown>): Preference[] {
  const method = textOr(properties["method"], "preference-event");
  const many = fromMap(asRecord(properties["preferences"]), true, method);
  const kind = kindOf(properties["kind"] ?? properties["granted"]);
  const { purpose, channel } = properties;
  if (typeof purpose !== "string" || kind === null) return many;
  const upper = typeof channel === "string" && channel !== "" ? channel.toUpperCase() : null;
  return [{ ...preference(purpose, kind, true, method), channel: upper }, ...many];
}

function fromMap(map: Record<string, unknown>, isAct: boolean, method: string): Preference[] {
  return Object.entries(map).flatMap(([name, value]) => {
    const kind = kindOf(value);
    return kind === null ? [] : [preference(name, kind, isAct, method)];
  });
}

function preference(
  purpose: string,
  kind: StatementKind,
  isAct: boolean,
  method: string,
): Preference {
  return { purpose, channel: null, kind, method, isAct };
}

/** A preference by any of the ways people write it; null: it says neither. */
function kindOf(value: unknown): StatementKind | null {
  if (typeof value === "boolean") return value ? "GRANT" : "WITHDRAW";
  if (typeof value !== "string") return null;
  const said = value.trim().toLowerCase();
  if (["grant", "granted", "true", "allow", "opt_in", "opt-in"].includes(said)) return "GRANT";
  const no = ["withdraw", "withdrawn", "denied", "deny", "false", "opt_out", "opt-out", "revoke"];
  return no.includes(said) ? "WITHDRAW" : null;
}

function isUsableName(name: string): boolean {
  const key = purposeKey(name);
  return key !== "" && key.length <= nameCharactersMax && isStorable(key);
}

/** PostgreSQL text holds neither NUL nor half a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

function textOr(value: unknown, otherwise: string): string {
  const isUsable = typeof value === "string" && value !== "" && isStorable(value);
  return isUsable ? value.slice(0, nameCharactersMax) : otherwise;
}

function asRecord(value: unknown): Record<string, unknown> {
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : {};
}
