import { isGivenDifferent, isSurnameDifferent } from "../fields/name-codes.ts";
import type { RecordSchema } from "../schema/record-schema.ts";
import type { Supposition } from "./class-shares.ts";
import { NO_CODE, type PairEvidence } from "./pair-evidence.ts";

/** A workplace is told by the company or by its switchboard. */
const TELLS_WORKPLACE: ReadonlySet<string> = new Set(["organisation", "phone"]);

/** Whether a schema tells of workplaces at all. */
export const knowsWorkplaces = ({ fields }: RecordSchema) =>
  fields.some(({ kind }) => kind === "name") &&
  fields.some(({ kind }) => TELLS_WORKPLACE.has(kind));

/**
 * Counts the pairs of one company or one number that have nothing of their names in common. Where birth dates are told
 * they tell how many of these are two persons: the others are one, written in two scripts or under two names.
 */
export function countColleagues(
  { schema, weights }: Supposition,
  { codes, pairCount, fieldCount }: PairEvidence,
): number {
  const fieldsOf = (isWanted: (kind: string) => boolean) =>
    schema.fields.flatMap(({ kind }, field) => (isWanted(kind) ? [field] : []));
  const places = fieldsOf((kind) => TELLS_WORKPLACE.has(kind));
  const personal = fieldsOf((kind) => kind === "date" || kind === "identifier");
  const [name] = fieldsOf((kind) => kind === "name");
  let [found, apart, together] = [0, 0, 0];
  for (let pair = 0; pair < pairCount; pair++) {
    const codeAt = (field: number) => codes[pair * fieldCount + field]!;
    const areOthers =
      name !== undefined && isGivenDifferent(codeAt(name)) && isSurnameDifferent(codeAt(name));
    const bitsOf = (field: number) =>
      codeAt(field) === NO_CODE ? 0 : weights[field]![codeAt(field)]!;
    if (!areOthers || !places.some((field) => bitsOf(field) > 0)) continue;
    found++;
    if (personal.some((field) => bitsOf(field) > 0)) together++;
    else if (personal.some((field) => bitsOf(field) < 0)) apart++;
  }
  return together === 0 ? found : (found * apart) / (apart + together);
}
