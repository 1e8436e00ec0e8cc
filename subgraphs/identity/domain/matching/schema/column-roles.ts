import { type ColumnRole } from "./column-role.ts";
import { foldText } from "../text/fold-text.ts";
import { HEADER_WORDS } from "./header-words.ts";
import { HEADER_WORDS_ABROAD } from "./header-words-abroad.ts";

const ROLE_BY_HEADER = new Map(
  [...HEADER_WORDS_ABROAD, ...HEADER_WORDS].flatMap(([role, words]) =>
    words.split("|").map((word) => [headerWords(word).join(""), role] as const),
  ),
);

const QUALIFIERS = new Set(
  (
    "primary secondary native home work mobile business billing shipping delivery mailing contact " +
    "customer client person " +
    "patient member user subscriber main current residential postal private personal own the my fake raw clean " +
    "text value str " +
    "field col column orig original std addr address name kunden kunde persoon cliente s1 s2 no number nr num"
  ).split(" "),
);
/** The country of a passport or the type of a phone describes another column, not a person. */
const DESCRIBES_ANOTHER =
  /(passport|licen[cs]e|(national|tax) ?id|phone|addr|address|record|id) .*(type|country|state|issuer|usage)$|^rel /;

/** Words of a header: camelCase, separators and digits taken apart, folded. */
export function headerWords(header: string): string[] {
  const spaced = header
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return foldText(spaced)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== "");
}

/** Words that say "date" but not of what: beside a word we do not know, the values decide. */
const IS_ANY_DATE = new Set(
  (
    "date datum data fecha дата dato pvm tarih tarihi tanggal ngay datumi kuupaev " +
    "日期 日付 날짜 תאריך تاريخ تاریخ तारीख วันที่ ημερομηνια"
  )
    .split(" ")
    .map((word) => foldText(word)),
);

/** The role a header names, if any: the whole header, then without qualifiers, then its last telling words. */
export function roleByHeader(header: string): ColumnRole | undefined {
  const words = headerWords(header).filter(
    (word, at, all) => !(at === all.length - 1 && at > 0 && /^\d$/.test(word)),
  );
  const whole =
    ROLE_BY_HEADER.get(headerWords(header).join("")) ?? ROLE_BY_HEADER.get(words.join(""));
  if (whole !== undefined) return whole;
  if (DESCRIBES_ANOTHER.test(words.join(" ")))
    return isAddressPart(words) ? ROLE_BY_HEADER.get(words.at(-1)!) : "ignored";
  const kept = words.filter((word) => !QUALIFIERS.has(word));
  const bare = ROLE_BY_HEADER.get(kept.join(""));
  if (bare !== undefined) return bare;
  for (let length = words.length - 1; length >= 1; length--) {
    for (const start of [words.length - length, 0]) {
      const part = words.slice(start, start + length).join("");
      if (IS_ANY_DATE.has(part)) continue;
      const role = ROLE_BY_HEADER.get(part);
      if (role !== undefined && (length > 1 || words.join("").length <= 24)) return role;
    }
  }
  return undefined;
}

const isAddressPart = (words: string[]) =>
  /^addr/.test(words[0]!) && /^(state|country)$/.test(words.at(-1)!);

/** Headers that mean the surname beside a given name, and the full name alone (name, nom, nome, nombre, naam). */
const AMBIGUOUS: Readonly<
  Record<string, { readonly beside: ColumnRole; readonly companion: ColumnRole }>
> = {
  name: { beside: "surname", companion: "givenName" },
  nom: { beside: "surname", companion: "givenName" },
  naam: { beside: "surname", companion: "givenName" },
  nome: { beside: "givenName", companion: "surname" },
  nombre: { beside: "givenName", companion: "surname" },
  navn: { beside: "surname", companion: "givenName" },
  namn: { beside: "surname", companion: "givenName" },
  nume: { beside: "surname", companion: "givenName" },
};

/** The organisation of a contact; beside the organisation that a record is of, it only describes a person. */
const EMPLOYER = new Set(
  "employer arbeitgeber employeur empleador datore werkgever pracodawca".split(" "),
);

/** Role of a header whose meaning hangs on the columns beside it. */
export function roleOfAmbiguousHeader(
  header: string,
  others: ReadonlySet<ColumnRole>,
): ColumnRole | undefined {
  const words = headerWords(header).filter((word) => word === "name" || !QUALIFIERS.has(word));
  if (EMPLOYER.has(words[0] ?? "")) return others.has("organisation") ? "text" : "organisation";
  const known = AMBIGUOUS[words.join("")] ?? (words.at(-1) === "name" ? AMBIGUOUS.name : undefined);
  if (known === undefined) return undefined;
  const opposite: ColumnRole = known.beside === "surname" ? "surname" : "givenName";
  return others.has(known.companion) && !others.has(opposite) ? known.beside : "fullName";
}
