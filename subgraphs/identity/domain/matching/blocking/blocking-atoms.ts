import type { FieldKind } from "../fields/field-kind.ts";
import { nicknameKey } from "../fields/nicknames.ts";
import type { PreparedName } from "../fields/compare-name.ts";
import { postcodeDistrict } from "../fields/compare-place.ts";

/** The small facts blocking rules are combined from; the number behind tells fields of one kind apart. */
export type Atoms = Record<string, string>;

function nameAtoms({ given, surname, givenSound, surnameSound }: PreparedName): Atoms {
  const atoms: Atoms = {};
  const sounds = [givenSound || given, surnameSound || surname].filter((sound) => sound !== "");
  if (given.length > 1) {
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
  if (given.length > 1 && surname !== "") atoms.bothSorted = [given, surname].sort().join(" ");
  if (sounds.length === 2) atoms.soundsSorted = sounds.sort().join(" ");
  return atoms;
}

function dateAtoms({ digits }: { digits: string }): Atoms {
  const [year, month, day] = [digits.slice(0, 4), digits.slice(4, 6), digits.slice(6)];
  if (month === "00") return { year };
  const atoms: Atoms = { year, yearMonth: year + month };
  if (day !== "00") {
    atoms.day = digits;
    if (month !== "01" || day !== "01") atoms.monthDay = [month, day].sort().join("");
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
