import type { FieldKind } from "../fields/field-kind.ts";
import type { RecordSchema } from "../schema/record-schema.ts";

/** An atom of one field of the schema. */
export interface RulePart {
  readonly field: number;
  readonly atom: string;
}

/** Two records meet when all parts agree. */
export interface BlockingRule {
  readonly name: string;
  readonly parts: readonly RulePart[];
}

const KIND_OF_ATOM: Record<string, FieldKind> = {
  given: "name",
  givenKey: "name",
  givenSound: "name",
  initial: "name",
  surname: "name",
  surnameSound: "name",
  surnameHead: "name",
  bothSorted: "name",
  soundsSorted: "name",
  day: "date",
  year: "date",
  yearMonth: "date",
  monthDay: "date",
  postcode: "postcode",
  district: "postcode",
  place: "place",
  text: "text",
  street: "street",
  number: "street",
  email: "email",
  local: "email",
  phone: "phone",
  identifier: "identifier",
  organisation: "organisation",
  organisationWord: "organisation",
};

/** Many narrow rules; each is kept to its small blocks, so a broad one costs little and finds the rare values. */
const RULES = `
identifier
email
local
phone
given surname
bothSorted
day surnameSound
day givenKey
surname postcode
givenKey postcode
day postcode
street surnameSound
street givenKey
street day
organisation
surname place
day place
soundsSorted year
soundsSorted place
soundsSorted district
surnameSound yearMonth
surnameSound monthDay
givenKey monthDay
givenKey place year
surnameSound district
givenSound district year
surnameSound initial year
surnameSound place
surnameHead givenKey
text surnameSound
text givenKey place
text place year
postcode year
place yearMonth
soundsSorted
street postcode
street place
street number
organisationWord
postcode
day
surname
given
street`
  .trim()
  .split("\n")
  .map((line) => line.split(" "));

function fieldsOf(schema: RecordSchema, atom: string): number[] {
  const kind = KIND_OF_ATOM[atom]!;
  return schema.fields.flatMap((plan, field) => (plan.kind === kind ? [field] : []));
}

const RULE_COUNT_MAX = 60;

/** The rules a schema can serve; a rule over a kind that several fields share stands once for each of them. */
export function blockingRules(schema: RecordSchema): BlockingRule[] {
  const rules = RULES.flatMap((atoms) => {
    let parts: RulePart[][] = [[]];
    for (const atom of atoms) {
      const fields = fieldsOf(schema, atom);
      parts = parts.flatMap((known) => {
        const stated = known.find((part) => KIND_OF_ATOM[part.atom] === KIND_OF_ATOM[atom]);
        const open =
          stated !== undefined && KIND_OF_ATOM[atom] !== "street" ? [stated.field] : fields;
        return open.map((field) => [...known, { field, atom }]);
      });
    }
    return parts.map((combined) => ({ name: nameOf(schema, combined), parts: combined }));
  });
  return rules.slice(0, RULE_COUNT_MAX);
}

function nameOf(schema: RecordSchema, parts: readonly RulePart[]): string {
  return parts.map(({ field, atom }) => `${schema.fields[field]!.name}.${atom}`).join(" + ");
}
