import { emailComparator, identifierComparator, phoneComparator } from "./compare-contact.ts";
import { dateComparator } from "./compare-date.ts";
import {
  categoryComparator,
  genderComparator,
  placeComparator,
  postcodeComparator,
} from "./compare-place.ts";
import { streetComparator } from "./compare-street.ts";
import type { FieldComparator } from "./field-comparator.ts";
import {
  generationComparator,
  middleNameComparator,
  nameComparator,
  organisationComparator,
} from "./name-comparators.ts";

const COMPARATORS = {
  name: nameComparator,
  middleName: middleNameComparator,
  generation: generationComparator,
  organisation: organisationComparator,
  date: dateComparator,
  gender: genderComparator,
  email: emailComparator,
  phone: phoneComparator,
  identifier: identifierComparator,
  street: streetComparator,
  postcode: postcodeComparator,
  place: placeComparator,
  region: categoryComparator,
  category: categoryComparator,
  text: placeComparator,
} as const;

/** What a field is, and so how it is compared. */
export type FieldKind = keyof typeof COMPARATORS;

/** The comparator of a kind; values it prepared go only back to itself. */
export function comparatorOf(kind: FieldKind): FieldComparator {
  return COMPARATORS[kind] as unknown as FieldComparator;
}

/** Fields that tell of the same circumstance: their agreements are not independent evidence. */
export type EvidenceGroup = "name" | "birth" | "location" | "contact" | "identity" | "other";

const GROUPS: Record<FieldKind, EvidenceGroup> = {
  name: "name",
  middleName: "name",
  generation: "name",
  organisation: "name",
  date: "birth",
  gender: "other",
  email: "contact",
  phone: "contact",
  identifier: "identity",
  street: "location",
  postcode: "location",
  place: "location",
  region: "location",
  category: "other",
  text: "other",
};

export function groupOf(kind: FieldKind): EvidenceGroup {
  return GROUPS[kind];
}
