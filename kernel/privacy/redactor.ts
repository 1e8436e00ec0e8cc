import type { RawIdentifier } from "../announcements/accepted-event.ts";
import { normaliseIdentifier } from "../persons/normalise-identifier.ts";
import { type ErasedIdentifier, keyOf } from "./erased-subject.ts";

/** Shorter values stand for somebody only where nothing stands beside them. */
const charactersMin = 6;
/** Of a phone number, what every way of writing it ends in. */
const phoneDigitsCompared = 7;
const phoneCharactersMax = 40;

/** Namespaces whose values are one in any case. */
const foldedNamespaces = /^(email$|ios\.idf|android\.id)/;

/**
 * Takes erased identifiers out of texts and JSON: each value gives way to its token, so that what
 * was equal stays equal. Values of at least six characters are found inside longer texts too, as
 * whole words; shorter ones only beside or behind their namespace: a 7 is most often no user id.
 */
export class Redactor {
  private readonly exact = new Map<string, string>();
  private readonly within: { pattern: RegExp; token: string }[] = [];
  private readonly keys = new Map<string, string>();
  private readonly phones = new Map<string, string>();
  /** What SQL looks for: a text that holds none of these is not concerned. In lower case. */
  readonly parts: readonly string[];
  /** The same for texts without separators: phone numbers. */
  readonly digits: readonly string[];

  constructor(identifiers: readonly Omit<ErasedIdentifier, "from" | "until" | "isGone">[]) {
    const parts = new Set<string>();
    const digits = new Set<string>();
    for (const identifier of identifiers) {
      const { namespace, value, token } = identifier;
      this.keys.set(keyOf(identifier), token);
      const isShort = value.length < charactersMin;
      if (!isShort) this.exact.set(value, token);
      const flags = foldedNamespaces.test(namespace) ? "giu" : "gu";
      this.within.push({ pattern: wordOf(isShort ? keyOf(identifier) : value, flags), token });
      const texts = isShort ? [keyOf(identifier), `"${value}"`] : [value];
      for (const text of texts) for (const form of formsOf(text)) parts.add(form);
      if (namespace !== "phone") continue;
      this.phones.set(value, token);
      digits.add(value.replace(/\D/g, "").slice(-phoneDigitsCompared));
    }
    this.parts = [...parts];
    this.digits = [...digits];
  }

  /** The token of an identifier as a source wrote it; null when it is none of the erased. */
  tokenOf(raw: RawIdentifier): string | null {
    const known = this.keys.get(`${raw.namespace}:${raw.value}`);
    if (known !== undefined) return known;
    const normal = normaliseIdentifier(raw);
    if (!normal) return null;
    return this.keys.get(keyOf(normal)) ?? null;
  }

  text(text: string): string {
    const whole = this.exact.get(text.trim()) ?? this.phone(text);
    if (whole !== undefined) return whole;
    let redacted = text;
    for (const { pattern, token } of this.within) redacted = redacted.replace(pattern, token);
    return redacted;
  }

  /** Any JSON; the same object when nothing was found. */
  json<T>(value: T): T {
    return this.deep(value) as T;
  }

  /** JSON in a text, or else a text. */
  column(text: string): string {
    if (!/^[[{"]/.test(text)) return this.text(text);
    try {
      const parsed = JSON.parse(text) as unknown;
      const redacted = this.deep(parsed);
      return redacted === parsed ? text : JSON.stringify(redacted);
    } catch {
      return this.text(text);
    }
  }

  private deep(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (typeof value === "number") return this.number(value);
    if (Array.isArray(value)) {
      const parts = value.map((part) => this.deep(part));
      return parts.some((part, place) => part !== value[place]) ? parts : value;
    }
    if (value === null || typeof value !== "object") return value;
    const named = this.identifier(value);
    if (named) return named;
    const entries = Object.entries(value);
    const redacted = entries.map(([name, part]) => [this.text(name), this.deep(part)] as const);
    const isSame = redacted.every(
      ([name, part], at) => name === entries[at]![0] && part === entries[at]![1],
    );
    return isSame ? value : Object.fromEntries(redacted);
  }

  /** `{ namespace, value }`, whatever stands beside them. */
  private identifier(value: object): object | null {
    if (!("namespace" in value && "value" in value)) return null;
    const { namespace, value: written } = value;
    if (typeof namespace !== "string" || typeof written !== "string") return null;
    const token = this.tokenOf({ namespace, value: written });
    return token === null ? null : { ...value, value: token };
  }

  /** An id may have been sent as a number; short ones are left, they are quantities. */
  private number(value: number): unknown {
    const text = String(value);
    return text.length < charactersMin ? value : (this.exact.get(text) ?? value);
  }

  private phone(text: string): string | undefined {
    if (this.phones.size === 0 || text.length > phoneCharactersMax || !/\d{2}/.test(text)) {
      return undefined;
    }
    const normal = normaliseIdentifier({ namespace: "phone", value: text });
    const known = normal ? this.phones.get(normal.value) : undefined;
    return known ?? this.phoneByDigits(text);
  }

  /** In national writing: the country's code is missing, a leading 0 may stand in its place. */
  private phoneByDigits(text: string): string | undefined {
    if (/[^\d\s().\-/+]/.test(text)) return undefined;
    const written = text.replace(/\D/g, "").replace(/^0+/, "");
    if (written.length < phoneDigitsCompared) return undefined;
    for (const [phone, token] of this.phones) {
      if (phone.replace(/\D/g, "").endsWith(written)) return token;
    }
    return undefined;
  }
}

/**
 * The condition that picks the texts which may hold something erased; `$first` is `parts`, the next
 * one `digits`.
 */
export function mentions(expression: string, first: number): string {
  return `(exists (select 1 from unnest($${first}::text[]) as part(t)
              where position(part.t in lower(${expression})) > 0)
           or exists (select 1 from unnest($${first + 1}::text[]) as part(t)
              where position(part.t in translate(${expression}, ' ()-./', '')) > 0))`;
}

/** As a text and as it stands inside of JSON; in lower case, by any engine's rules. */
function formsOf(text: string): string[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const all = [text, escaped].flatMap((form) => [
    form.toLowerCase(),
    form.replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
  ]);
  return [...new Set(all)];
}

function wordOf(value: string, flags: string): RegExp {
  const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, flags);
}
