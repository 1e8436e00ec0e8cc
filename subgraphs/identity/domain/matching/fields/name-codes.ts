/**
 * How alike two given names are. Two different names that others bear too are two names; where one of them stands
 * alone, it may be the other one misspelt.
 */
export const GIVEN_LEVELS = [
  "same",
  "nickname",
  "similar",
  "initial",
  "among the others",
  "different",
  "similar, two known names",
  "another known name",
] as const;
/** The same for two surnames. */
export const SURNAME_LEVELS = [
  "same",
  "similar",
  "sounds alike",
  "partly alike",
  "different",
  "another known name",
] as const;
/** Places in the lists above. */
export const GIVEN_SIMILAR = 2;
export const GIVEN_DIFFERENT = 5;
export const GIVEN_SIMILAR_KNOWN = 6;
export const GIVEN_ANOTHER = 7;
export const SURNAME_DIFFERENT = 4;
export const SURNAME_ANOTHER = 5;
const GIVEN_COUNT = GIVEN_LEVELS.length;
export const SURNAME_COUNT = SURNAME_LEVELS.length;
/** Cells of the joint table given × surname, then one for given name and surname in each other's place. */
export const NAME_SWAPPED = GIVEN_COUNT * SURNAME_COUNT;
export const NAME_CELLS = NAME_SWAPPED + 1;
/** Codes behind the cells: only the given names, or only the surnames, could be compared. */
export const GIVEN_ONLY = NAME_CELLS;
export const SURNAME_ONLY = NAME_CELLS + GIVEN_COUNT;
export const NAME_CODES = SURNAME_ONLY + SURNAME_COUNT;

const EXPECTED_GIVEN = [0.72, 0.1, 0.05, 0.04, 0.03, 0.035, 0.01, 0.015];
const EXPECTED_SURNAME = [0.84, 0.07, 0.01, 0.02, 0.03, 0.03];

/** General knowledge: the two parts vary independently; one pair of names in a hundred is swapped. */
export const EXPECTED_NAME_CELLS: readonly number[] = [
  ...EXPECTED_GIVEN.flatMap((given) => EXPECTED_SURNAME.map((surname) => given * surname * 0.99)),
  0.01,
];

const CHANCE_GIVEN = [0.01, 0.004, 0.004, 0.02, 0.01, 0.45, 0.002, 0.5];
const CHANCE_SURNAME = [0.001, 0.003, 0.004, 0.004, 0.488, 0.5];

/** The same for two persons. */
export const CHANCE_NAME_CELLS: readonly number[] = [
  ...CHANCE_GIVEN.flatMap((given) => CHANCE_SURNAME.map((surname) => given * surname)),
  0.00001,
];

/** The cells a code stands for: one, or a row or column of the table where a part is missing. */
export function nameCellsOf(code: number): number[] {
  if (code < NAME_CELLS) return [code];
  const level = code < SURNAME_ONLY ? code - GIVEN_ONLY : code - SURNAME_ONLY;
  return code < SURNAME_ONLY
    ? Array.from({ length: SURNAME_COUNT }, (_, surname) => level * SURNAME_COUNT + surname)
    : Array.from({ length: GIVEN_COUNT }, (_, given) => given * SURNAME_COUNT + level);
}

/** What a code says, for reports. */
export function nameCodeLabel(code: number): string {
  if (code === NAME_SWAPPED) return "given name and surname swapped";
  if (code >= SURNAME_ONLY) return `surname ${SURNAME_LEVELS[code - SURNAME_ONLY]}`;
  if (code >= GIVEN_ONLY) return `given name ${GIVEN_LEVELS[code - GIVEN_ONLY]}`;
  return `given ${GIVEN_LEVELS[Math.floor(code / SURNAME_COUNT)]}, surname ${SURNAME_LEVELS[code % SURNAME_COUNT]}`;
}

export const isGivenExact = (code: number) => code < SURNAME_COUNT || code === GIVEN_ONLY;
export const isSurnameExact = (code: number) =>
  (code < NAME_SWAPPED && code % SURNAME_COUNT === 0) || code === SURNAME_ONLY;

const isGivenLevel = (code: number, level: number) =>
  code === GIVEN_ONLY + level ||
  (code < NAME_SWAPPED && Math.floor(code / SURNAME_COUNT) === level);

/** The given names were compared and are one, or one of them misspelt: an initial or a nickname may be several. */
export const isGivenAlike = (code: number) =>
  isGivenExact(code) || isGivenLevel(code, GIVEN_SIMILAR);

/** The given names were compared and are not of one person. */
export const isGivenDifferent = (code: number) =>
  isGivenLevel(code, GIVEN_DIFFERENT) || isGivenLevel(code, GIVEN_ANOTHER);

/** The surnames were compared and are not of one person. */
export const isSurnameDifferent = (code: number) =>
  (code < NAME_SWAPPED && code % SURNAME_COUNT >= SURNAME_DIFFERENT) ||
  code >= SURNAME_ONLY + SURNAME_DIFFERENT;

/** The given names were compared, and both are names that others bear too. */
export const isGivenAnother = (code: number) => isGivenLevel(code, GIVEN_ANOTHER);

/** The given names could be compared. */
export const isGivenTold = (code: number) => code < SURNAME_ONLY && code !== NAME_SWAPPED;

/** Cells in which two known given names stand against each other get `shareMax` together, at most. */
export function limitAnotherNames(cells: readonly number[], shareMax: number): number[] {
  const from = GIVEN_ANOTHER * SURNAME_COUNT;
  const isAnother = (cell: number) => cell >= from && cell < from + SURNAME_COUNT;
  const share = cells.reduce((sum, part, cell) => (isAnother(cell) ? sum + part : sum), 0);
  if (share <= shareMax) return [...cells];
  return cells.map((part, cell) =>
    isAnother(cell) ? (part * shareMax) / share : (part * (1 - shareMax)) / (1 - share),
  );
}
