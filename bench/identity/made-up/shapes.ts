import { Draw } from "./draw.ts";
import { LANGUAGES } from "./languages.ts";
import { makePerson, moved, type Person, relativeOf } from "./person.ts";
import { type Clerk, fillIn, type Form } from "./present.ts";

/** How a made-up file differs from the ordinary one. */
export interface Shape {
  readonly name: string;
  readonly language: keyof typeof LANGUAGES;
  readonly clerk?: Partial<Clerk>;
  /** Header by meaning; what is not named is not in the file. */
  readonly headers: Partial<Record<keyof Form, string>>;
  readonly people?: number;
  /** Records of one person, at most and at least; [1, 4] where absent. */
  readonly copies?: readonly [number, number];
  /** Share of the persons who have a twin, a son of their name, a brother or sister in the file. */
  readonly twins?: number;
  readonly sons?: number;
  readonly siblings?: number;
  /** Columns that tell nothing of the person. */
  readonly extras?: (draw: Draw, row: number) => Record<string, string>;
  /** Two duplicate-free files to be linked. */
  readonly isLinked?: boolean;
}

/** One row: `row_key` and `truth` are for the judge, `origin` names the file of a linked shape. */
export type ShapeRow = Record<string, string> & {
  readonly row_key: string;
  readonly truth: string;
  readonly origin: string;
};

export const JUDGE_COLUMNS = ["row_key", "truth", "origin"];

const ORDINARY: Clerk = {
  language: LANGUAGES.english,
  dateForms: ["iso"],
  noise: 0.05,
  missing: 0.12,
  respelt: 0.15,
  swapped: 0,
};

function relativeKind({ twins = 0, sons = 0, siblings = 0 }: Shape, draw: Draw) {
  const at = draw.random();
  if (at < twins) return "twin";
  if (at < twins + sons) return "son";
  return at < twins + sons + siblings ? "sibling" : undefined;
}

function peopleOf(shape: Shape, draw: Draw): Person[] {
  const language = LANGUAGES[shape.language];
  const people: Person[] = [];
  while (people.length < (shape.people ?? 500)) {
    const person = makePerson(people.length, language, draw);
    const kind = relativeKind(shape, draw);
    people.push(kind === "son" ? { ...person, generation: "Sr" } : person);
    if (kind !== undefined) people.push(relativeOf(person, people.length, kind, language, draw));
  }
  return people;
}

/** The rows of a shape, the same for the same seed. */
export function rowsOfShape(shape: Shape, seed = 1): ShapeRow[] {
  const draw = new Draw(seed);
  const language = LANGUAGES[shape.language];
  const clerk: Clerk = { ...ORDINARY, ...shape.clerk, language };
  const [least, most] = shape.isLinked === true ? [1, 2] : (shape.copies ?? [1, 4]);
  const forms = peopleOf(shape, draw).flatMap((person) =>
    Array.from({ length: draw.number(least, most + 1) }, (_, copy) => {
      const origin =
        copy === 0 && draw.chance(0.3) && shape.isLinked ? "right" : copy === 0 ? "left" : "right";
      const current = copy > 0 && draw.chance(0.1) ? moved(person, language, draw) : person;
      return { form: fillIn(current, clerk, draw), origin };
    }),
  );
  const rows = draw.shuffle(forms).map(({ form, origin }, at): ShapeRow => {
    const told = Object.entries(shape.headers).map(([meaning, header]) => [
      header,
      form[meaning as keyof Form],
    ]);
    const extras = shape.extras?.(draw, at) ?? {};
    return { row_key: `r${at}`, truth: form.truth, origin, ...extras, ...Object.fromEntries(told) };
  });
  return shape.isLinked === true ? withoutDuplicates(rows) : rows;
}

/** A person who got both records in one file keeps the first there. */
function withoutDuplicates(rows: ShapeRow[]): ShapeRow[] {
  const seen = new Set<string>();
  return rows.filter(({ truth, origin }) => {
    const key = `${origin}/${truth}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
