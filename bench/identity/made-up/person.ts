import { Draw } from "./draw.ts";
import type { Language } from "./languages.ts";

/** What there is to know about one made-up person. */
export interface Person {
  readonly truth: string;
  readonly given: string;
  readonly surname: string;
  readonly generation: string;
  readonly gender: "F" | "M";
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly phone: string;
  readonly email: string;
}

type Home = Pick<Person, "street" | "postcode" | "city">;

function makeHome(language: Language, draw: Draw): Home {
  const at = draw.number(0, language.cities.length);
  return {
    street: language.streetLine(draw.pick(language.streets), draw.number(1, 120)),
    postcode: String(10_000 + at * 900 + draw.number(0, 60)),
    city: language.cities[at]!,
  };
}

/** A grown-up living alone. */
export function makePerson(number: number, language: Language, draw: Draw): Person {
  const gender = draw.chance(0.5) ? "F" : "M";
  return {
    truth: `p${number}`,
    given: draw.pick(gender === "F" ? language.women : language.men),
    surname: draw.pick(language.surnames),
    generation: "",
    gender,
    year: draw.number(1940, 2006),
    month: draw.number(1, 13),
    day: draw.number(1, 29),
    ...makeHome(language, draw),
    phone: `0${draw.number(151, 180)}${draw.digits(8)}`,
    email: `${draw.pick(["sun", "moon", "star", "tree", "fox", "owl"])}${draw.digits(5)}@mail.example`,
  };
}

/** The same person elsewhere. */
export function moved(person: Person, language: Language, draw: Draw): Person {
  return { ...person, ...makeHome(language, draw) };
}

/** Who shares the home: a twin, a son of his father's name, or a brother or sister of another age. */
export function relativeOf(
  person: Person,
  number: number,
  kind: "twin" | "son" | "sibling",
  language: Language,
  draw: Draw,
): Person {
  const truth = `p${number}`;
  if (kind === "son") {
    const year = person.year + draw.number(22, 38);
    return { ...person, truth, year, month: draw.number(1, 13), generation: "Jr", email: "" };
  }
  const names = (person.gender === "F" ? language.women : language.men).filter(
    (name) => name !== person.given,
  );
  const twin = { ...person, truth, given: draw.pick(names), email: "" };
  if (kind === "twin") return twin;
  const born = {
    year: person.year + draw.number(1, 9),
    month: draw.number(1, 13),
    day: draw.number(1, 29),
  };
  return { ...twin, ...born };
}
