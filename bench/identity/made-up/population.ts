import { type Country, makeCountry } from "./country.ts";
import { Draw } from "./draw.ts";

/** One record of the made-up country; `person` is the truth. */
export interface MadeUpRecord {
  record_id: string;
  person: string;
  first_name: string;
  last_name: string;
  birth_date: string;
  street: string;
  postcode: string;
  city: string;
  phone: string;
  email: string;
}

type Person = Omit<MadeUpRecord, "record_id"> & { readonly forms: readonly string[] };
type Address = Pick<MadeUpRecord, "street" | "postcode" | "city">;

const PROVIDERS = ["gmail.com", "outlook.com", "yahoo.com", "icloud.com", "post.example"];
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Households of one to five, their persons, and what several clerks wrote down of each. */
export class Population {
  readonly #country: Country = makeCountry();
  readonly #draw: Draw;
  readonly #noise: number;
  #people = 0;

  /** `noise`: chance that a value is missing or wrong; 0.06 is ordinary. */
  constructor(seed: number, noise = 0.06) {
    this.#draw = new Draw(seed);
    this.#noise = noise;
  }

  /** Records of whole households, duplicates next to each other. */
  *records(count: number): Generator<MadeUpRecord> {
    let made = 0;
    while (made < count) {
      for (const person of this.#household()) {
        for (const record of this.#copies(person)) {
          if (made++ >= count) return;
          yield record;
        }
      }
    }
  }

  #household(): Person[] {
    const draw = this.#draw;
    const address = this.#address();
    const surname = this.#surname();
    const landline = `0${draw.number(2, 10)}${draw.digits(8)}`;
    const size = draw.pick([1, 1, 1, 2, 2, 2, 3, 4, 5]);
    const parentsBorn = draw.number(1935, 2000);
    return Array.from({ length: size }, (_, member) =>
      this.#person(
        address,
        member > 0 && draw.chance(0.25) ? this.#surname() : surname,
        landline,
        member < 2 ? parentsBorn + draw.number(-4, 5) : parentsBorn + draw.number(20, 36),
      ),
    );
  }

  #person(address: Address, surname: string, landline: string, year: number): Person {
    const draw = this.#draw;
    const forms = this.#country.givenNames[this.#country.givenRanks.draw(draw)]!;
    const two = (value: number) => String(value).padStart(2, "0");
    const local = draw.chance(0.6)
      ? `${forms[0]}.${surname}${draw.chance(0.5) ? draw.number(1, 99) : ""}`
      : `${draw.pick(this.#country.streets).split(" ")[0]}${draw.number(1, 9999)}`;
    return {
      person: `p${this.#people++}`,
      forms,
      first_name: forms[0]!,
      last_name: surname,
      birth_date: `${Math.min(year, 2012)}-${two(draw.number(1, 13))}-${two(draw.number(1, 29))}`,
      ...address,
      phone: draw.chance(0.3) ? landline : `07${draw.digits(9)}`,
      email: `${local}@${draw.pick(PROVIDERS)}`.toLowerCase(),
    };
  }

  *#copies(person: Person): Generator<MadeUpRecord> {
    const draw = this.#draw;
    let current = person;
    let copy = 0;
    do {
      if (copy > 0 && draw.chance(0.12)) current = { ...current, ...this.#address() };
      yield this.#write(current, copy++);
    } while (copy < 12 && draw.chance(0.3));
  }

  #write(person: Person, copy: number): MadeUpRecord {
    const draw = this.#draw;
    const given = draw.chance(0.08) ? draw.pick(person.forms) : person.first_name;
    const isSwapped = draw.chance(0.01);
    return {
      record_id: `${person.person}-${copy}`,
      person: person.person,
      first_name: this.#spoil(isSwapped ? person.last_name : given, 0.01),
      last_name: this.#spoil(isSwapped ? given : person.last_name, 0.01),
      birth_date: this.#spoil(person.birth_date, 0.15),
      street: this.#spoil(person.street, 0.1),
      postcode: this.#spoil(person.postcode, 0.08),
      city: this.#spoil(person.city, 0.05),
      phone: this.#spoil(person.phone, 0.35),
      email: this.#spoil(person.email, 0.4),
    };
  }

  #spoil(text: string, missing: number): string {
    const draw = this.#draw;
    if (draw.chance(missing)) return "";
    if (!draw.chance(this.#noise) || text === "") return text;
    return misspell(text, draw);
  }

  #surname(): string {
    return this.#country.surnames[this.#country.surnameRanks.draw(this.#draw)]!;
  }

  #address(): Address {
    const [country, draw] = [this.#country, this.#draw];
    const { code, city } = country.postcodes[country.postcodeRanks.draw(draw)]!;
    const street = country.streets[country.streetRanks.draw(draw)]!;
    return { street: `${draw.number(1, 180)} ${street}`, postcode: code, city };
  }
}

/** One typing error: a character left out, doubled, changed, or swapped with its neighbour. */
export function misspell(text: string, draw: Draw): string {
  const at = draw.number(0, text.length);
  const isDigit = /\d/.test(text[at]!);
  const other = isDigit ? String(draw.number(0, 10)) : draw.pick([...LETTERS]);
  const [before, after] = [text.slice(0, at), text.slice(at + 1)];
  switch (draw.number(0, 4)) {
    case 0:
      return isDigit ? before + other + after : before + after;
    case 1:
      return isDigit ? before + other + after : before + text[at]! + text[at]! + after;
    case 2:
      return before + other + after;
    default:
      return before + (after[0] ?? "") + text[at]! + after.slice(1);
  }
}
