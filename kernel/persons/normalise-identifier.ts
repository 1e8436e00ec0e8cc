import { parsePhoneNumberFromString } from "libphonenumber-js";
import type { RawIdentifier } from "../announcements/accepted-event.ts";
import type { IdentifierRef } from "../announcements/identity-announcements.ts";
import { isIdentifierSize } from "./identifier-size.ts";
import { identifierText, plainText } from "./identifier-text.ts";

const namespacePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;

/**
 * An identifier that a client names, in the form the identity graph keeps it in under the default
 * policy: trimmed, unquoted, NFC, without what is not seen; e-mail addresses in plain lower case,
 * phone numbers in E.164, device ids of the platforms in lower case. Null when it is none: unknown
 * form, too long, not storable.
 */
export function normaliseIdentifier(raw: RawIdentifier): IdentifierRef | null {
  if (!namespacePattern.test(raw.namespace)) return null;
  const value = normaliseValue(raw);
  if (value === null || value === "" || !isIdentifierSize(value)) return null;
  if (value.includes("\u0000") || !value.isWellFormed()) return null;
  return { namespace: raw.namespace, value };
}

function normaliseValue({ namespace, value }: RawIdentifier): string | null {
  // Source, kind and key of a record are taken as they are.
  if (namespace === "record") return value;
  const text = identifierText(value);
  if (namespace === "email") return normaliseEmail(plainText(text));
  if (namespace === "phone") return normalisePhone(plainText(text));
  return /^(ios\.idf|android\.id)/.test(namespace) ? text.toLowerCase() : text;
}

/** Case folds; dots and plus tags stay, because not every provider ignores them. */
function normaliseEmail(text: string): string | null {
  const address = text.replace(/^mailto:/i, "").toLowerCase();
  return /^[^\s@<>"]+@[^\s@<>"]+$/.test(address) ? address : null;
}

/** E.164 where the number can be read, else its digits. */
function normalisePhone(text: string): string | null {
  const written = text.replace(/^tel:/i, "").replace(/^00(?=[1-9])/, "+");
  const parsed = parsePhoneNumberFromString(written);
  if (parsed?.isPossible()) return parsed.number;
  const digits = written.replace(/[\s().\-/]/g, "");
  return /^\+?\d{6,15}$/.test(digits) ? digits : null;
}
