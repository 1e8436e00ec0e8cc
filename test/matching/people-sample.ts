import { seededRandom } from "../../subgraphs/identity/domain/matching/encoding/seeded-random.ts";

/** One made-up record; `person` is the truth. */
export interface SamplePerson {
  readonly id: string;
  readonly person: string;
  readonly given_name: string;
  readonly surname: string;
  readonly date_of_birth: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly email: string;
}

const GIVEN =
  "Anna Bernd Claudia Dieter Elke Franz Gisela Hans Ingrid Karl Lena Martin Nora Otto Petra Ralf".split(
    " ",
  );
const FIRST =
  "Berg Feld Stein Wald Bach Hof Lind Kauf Neu Ross Gold Silber Eichen Birken Tannen Hasel".split(
    " ",
  );
const LAST = "mann er hardt ing bauer meier huber berger felder maier".split(" ");

/** People with typing errors and gaps, the same for the same seed. */
export function samplePeople(personCount: number, seed = 1): SamplePerson[] {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const number = (from: number, until: number) => from + Math.floor(random() * (until - from));
  const typo = (text: string) => {
    const at = number(0, Math.max(1, text.length - 1));
    return random() < 0.5
      ? text.slice(0, at) + text.slice(at + 1)
      : `${text.slice(0, at)}x${text.slice(at + 1)}`;
  };
  const spoil = (text: string) => (random() < 0.07 ? "" : random() < 0.07 ? typo(text) : text);
  const people: SamplePerson[] = [];
  for (let person = 0; person < personCount; person++) {
    const [given, surname] = [pick(GIVEN), pick(FIRST) + pick(LAST)];
    const born = `${number(1930, 2005)}-${String(number(1, 13)).padStart(2, "0")}-${String(number(1, 29)).padStart(2, "0")}`;
    const [street, postcode, city] = [
      `${pick(FIRST)}weg ${number(1, 90)}`,
      String(number(10000, 10400)),
      `${pick(FIRST)}dorf`,
    ];
    const email = `${surname.toLowerCase()}${number(1, 999)}@example.org`;
    for (let copy = 0; copy < number(1, 4); copy++) {
      people.push({
        id: `r${people.length}`,
        person: `p${person}`,
        given_name: spoil(given),
        surname: spoil(surname),
        date_of_birth: spoil(born),
        street: spoil(street),
        postcode: spoil(postcode),
        city: spoil(city),
        email: spoil(email),
      });
    }
  }
  return people;
}

/** Seeded shuffle. */
export function shuffled<T>(list: readonly T[], seed = 7): T[] {
  const random = seededRandom(seed);
  return list
    .map((element) => ({ element, rank: random() }))
    .sort((left, right) => left.rank - right.rank)
    .map(({ element }) => element);
}
