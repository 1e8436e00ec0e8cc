import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js";
import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import { isIdentifierSize } from "../../../kernel/persons/identifier-size.ts";
import { identifierText, plainText } from "../../../kernel/persons/identifier-text.ts";
import { type BlockedTest, blockedTest } from "./blocked-values.ts";
import type {
  IdentifierKind,
  IdentityPolicy,
  NamespacePolicy,
  NormaliserName,
  PolicyIndex,
} from "./identity-policy.ts";
import { indexPolicy } from "./identity-policy.ts";

/** An identifier as the graph knows it. */
export interface Identifier {
  key: string;
  namespace: string;
  value: string;
  kind: IdentifierKind;
}

/** Why a value takes no part in resolution; each drop is counted. */
export type DropReason = "UNKNOWN_NAMESPACE" | "BLOCKED" | "MALFORMED";

export type Normalised =
  | { identifier: Identifier; dropped: null }
  | { identifier: null; dropped: DropReason };

/** Reads identifiers under one policy. */
export class IdentifierReader {
  private readonly namespaces: ReadonlyMap<string, NamespacePolicy>;
  private readonly isBlocked: BlockedTest;
  private readonly phoneRegion: string | null;

  constructor(policy: IdentityPolicy) {
    const index = indexPolicy(policy);
    this.namespaces = index.namespaces;
    this.isBlocked = blockedTest(index);
    this.phoneRegion = policy.phoneRegion;
  }

  /** The identifier in the form of its namespace, or why it is none. Never throws. */
  read(raw: RawIdentifier): Normalised {
    const namespace = this.namespaces.get(raw.namespace);
    if (!namespace) return { identifier: null, dropped: "UNKNOWN_NAMESPACE" };
    if (this.isBlocked(namespace, raw.value)) return { identifier: null, dropped: "BLOCKED" };
    const value = normalise(namespace.normaliser, raw.value, this.phoneRegion);
    if (value === null || !isIdentifierSize(value) || isUnstorable(value)) {
      return { identifier: null, dropped: "MALFORMED" };
    }
    if (this.isBlocked(namespace, value)) return { identifier: null, dropped: "BLOCKED" };
    const identifier = { namespace: namespace.name, value };
    return {
      identifier: { key: identifierKey(identifier), ...identifier, kind: namespace.kind },
      dropped: null,
    };
  }

  /** Whether a value that was taken in, in its normalised form, still identifies somebody. */
  isIdentifying({ namespace: name, value }: { namespace: string; value: string }): boolean {
    const namespace = this.namespaces.get(name);
    if (!namespace || namespace.kind === "ACCOUNT") return false;
    return !this.isBlocked(namespace, value);
  }
}

const readers = new WeakMap<PolicyIndex, IdentifierReader>();

/** The reader of a policy, made once. */
export function readerOf(index: PolicyIndex): IdentifierReader {
  const known = readers.get(index);
  if (known) return known;
  const made = new IdentifierReader(index.policy);
  readers.set(index, made);
  return made;
}

function isUnstorable(value: string): boolean {
  return value.includes("\u0000") || !value.isWellFormed();
}

function normalise(name: NormaliserName, raw: string, region: string | null): string | null {
  const text = identifierText(raw);
  switch (name) {
    case "EXACT":
      return raw;
    case "TRIM":
      return text;
    case "LOWERCASE":
      return text.toLowerCase();
    case "EMAIL":
      return normaliseEmail(plainText(text));
    case "PHONE":
      return normalisePhone(plainText(text), region);
  }
}

/** Case folds; dots and plus tags stay, because not every provider ignores them. */
function normaliseEmail(text: string): string | null {
  const address = text.replace(/^mailto:/i, "").toLowerCase();
  return /^[^\s@<>"]+@[^\s@<>"]+$/.test(address) ? address : null;
}

/**
 * E.164 where the number can be read. A number without a country code that no policy region
 * explains keeps its digits, apart from all international ones: it links only to the same way of
 * writing.
 */
function normalisePhone(text: string, region: string | null): string | null {
  const written = text.replace(/^tel:/i, "").replace(/^00(?=[1-9])/, "+");
  const parsed = parsePhoneNumberFromString(written, (region ?? undefined) as CountryCode);
  if (parsed?.isPossible()) return parsed.number;
  const digits = written.replace(/[\s().\-/]/g, "");
  return /^\+?\d{6,15}$/.test(digits) ? digits : null;
}
