import type { Draw } from "./draw.ts";
import type { Language } from "./languages.ts";
import type { Person } from "./person.ts";
import { misspell } from "./population.ts";

/** How a day of birth is written. */
export type DateForm =
  | "iso"
  | "d/m/y"
  | "m/d/y"
  | "d.m.yy"
  | "yyyymmdd"
  | "year"
  | "words"
  | "slashed";

const two = (value: number) => String(value).padStart(2, "0");
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const DATES: Record<DateForm, (person: Person) => string> = {
  iso: ({ year, month, day }) => `${year}-${two(month)}-${two(day)}`,
  "d/m/y": ({ year, month, day }) => `${day}/${month}/${year}`,
  "m/d/y": ({ year, month, day }) => `${month}/${day}/${year}`,
  "d.m.yy": ({ year, month, day }) => `${two(day)}.${two(month)}.${two(year % 100)}`,
  yyyymmdd: ({ year, month, day }) => `${year}${two(month)}${two(day)}`,
  year: ({ year }) => String(year),
  words: ({ year, month, day }) => `${MONTHS[month - 1]} ${day}, ${year}`,
  slashed: ({ year, month, day }) => `${year}/${two(month)}/${two(day)}`,
};

/** How one clerk fills in one form. */
export interface Clerk {
  readonly language: Language;
  readonly dateForms: readonly DateForm[];
  /** Chance that a value is misspelt. */
  readonly noise: number;
  /** Chance that a value is not filled in; names a tenth of it. */
  readonly missing: number;
  /** Chance that a record is spelt as another country or form would. */
  readonly respelt: number;
  /** Chance that given name and surname stand in each other's place. */
  readonly swapped: number;
}

/** One filled-in form, by what the value means. */
export type Form = Record<
  | "truth"
  | "given"
  | "surname"
  | "full"
  | "inverted"
  | "joined"
  | "generation"
  | "gender"
  | "born"
  | "street"
  | "postcode"
  | "city"
  | "phone"
  | "email"
  | "address",
  string
>;

function phoneForm(phone: string, draw: Draw): string {
  const [area, rest] = [phone.slice(1, 4), phone.slice(4)];
  return draw.pick([
    phone,
    `+49 ${area} ${rest}`,
    `0049${area}${rest}`,
    `(0${area}) ${rest.slice(0, 4)}-${rest.slice(4)}`,
    `+49 (0)${area} ${rest.slice(0, 3)} ${rest.slice(3)}`,
  ]);
}

/** What a clerk writes down of a person. */
export function fillIn(person: Person, clerk: Clerk, draw: Draw): Form {
  const spelt = draw.chance(clerk.respelt) ? clerk.language.respell : (text: string) => text;
  const write = (text: string, missing = clerk.missing) => {
    if (text === "" || draw.chance(missing)) return "";
    return draw.chance(clerk.noise) ? misspell(text, draw) : text;
  };
  const isSwapped = draw.chance(clerk.swapped);
  const names = [spelt(person.given), spelt(person.surname)];
  const [given, surname] = (isSwapped ? names.reverse() : names).map((name) =>
    write(name, clerk.missing / 10),
  ) as [string, string];
  const [street, postcode, city] = [spelt(person.street), person.postcode, spelt(person.city)].map(
    (text) => write(text),
  ) as [string, string, string];
  return {
    truth: person.truth,
    given,
    surname,
    full: `${given} ${surname} ${person.generation}`.trim(),
    inverted: `${surname}, ${given}`,
    joined: surname + given,
    generation: person.generation,
    gender: write(person.gender),
    born: write(DATES[draw.pick(clerk.dateForms)](person)),
    street,
    postcode,
    city,
    phone: write(phoneForm(person.phone, draw)),
    email: write(person.email),
    address: [street, postcode, city].filter((part) => part !== "").join(", "),
  };
}
