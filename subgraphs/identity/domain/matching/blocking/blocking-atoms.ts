import type { FieldKind } from "../fields/field-kind.ts";
import type { PreparedDate } from "../fields/compare-date.ts";
import { nicknameKey } from "../fields/nicknames.ts";
import { isInitial, type PreparedName } from "../fields/compare-name.ts";
import { postcodeDistrict } from "../fields/compare-place.ts";

/** The small facts blocking rules are combined from; the number behind tells fields of one kind apart. */
export type Atoms = Record<string, string>;

function nameAtoms({ given, surname, givenSound, surnameSound }: PreparedName): Atoms {
  const atoms: Atoms = {};
  const sounds = [givenSound || given, surnameSound || surname].filter((sound) => sound !== "");
  if (given !== "" && !isInitial(given)) {
    atoms.given = given;
    atoms.givenKey = nicknameKey(given);
    atoms.givenSound = givenSound || given;
  }
  if (given !== "") atoms.initial = given[0]!;
  if (surname !== "") {
    atoms.surname = surname;
    atoms.surnameSound = surnameSound || surname;
    atoms.surnameHead = surname.slice(0, 4);
  }
  if (atoms.given !== undefined && surname !== "")
    atoms.bothSorted = [given, surname].sort().join(" ");
  if (sounds.length === 2) atoms.soundsSorted = sounds.sort().join(" ");
  return atoms;
}

function dateAtoms({ digits, year, month, day }: PreparedDate): Atoms {
  if (month === 0) return { year: String(year) };
  const atoms: Atoms = { year: String(year), yearMonth: `${year}-${month}` };
  if (day !== 0) {
    atoms.day = digits;
    if (month !== 1 || day !== 1) atoms.monthDay = [month, day].sort((a, b) => a - b).join("-");
  }
  return atoms;
}

type AtomsOf = (value: never) => Atoms;

const ATOMS: Partial<Record<FieldKind, AtomsOf>> = {
  name: nameAtoms as AtomsOf,
  date: dateAtoms as AtomsOf,
  postcode: ((value: { code: string }) => ({
    postcode: value.code,
    district: postcodeDistrict(value.code),
  })) as AtomsOf,
  place: ((value: { text: string }) => ({ place: value.text })) as AtomsOf,
  text: ((value: { text: string }) => ({ text: value.text })) as AtomsOf,
  street: ((value: { text: string; words: string[] }) =>
    value.words.length === 0 ? { number: value.text } : { street: value.text }) as AtomsOf,
  email: ((value: { address: string; local: string }[]) => ({
    email: value[0]!.address,
    ...(value[0]!.local.length >= 4 ? { local: value[0]!.local } : {}),
  })) as AtomsOf,
  phone: ((value: string[]) => ({ phone: value[0]!.slice(-7) })) as AtomsOf,
  identifier: ((value: string) => ({ identifier: value })) as AtomsOf,
  organisation: ((value: string[]) => ({
    organisation: value.join(" "),
    ...(value[0]!.length > 3 ? { organisationWord: value[0]! } : {}),
  })) as AtomsOf,
};

/** Atoms of one prepared value; empty for kinds too coarse to block on. */
export function atomsOf(kind: FieldKind, prepared: unknown): Atoms {
  return ATOMS[kind]?.(prepared as never) ?? {};
}
