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

/** Counts the pairs of one company or one number that have nothing of their names, nor the birth date, in common. */
export function countColleagues(
  { schema, weights }: Supposition,
  { codes, pairCount, fieldCount }: PairEvidence,
): number {
  const fieldsOf = (isWanted: (kind: string) => boolean) =>
    schema.fields.flatMap(({ kind }, field) => (isWanted(kind) ? [field] : []));
  const places = fieldsOf((kind) => TELLS_WORKPLACE.has(kind));
  const [name] = fieldsOf((kind) => kind === "name");
  const dates = fieldsOf((kind) => kind === "date");
  let colleagues = 0;
  for (let pair = 0; pair < pairCount; pair++) {
    const codeAt = (field: number) => codes[pair * fieldCount + field]!;
    const areOthers =
      name !== undefined && isGivenDifferent(codeAt(name)) && isSurnameDifferent(codeAt(name));
    if (!areOthers || dates.some((field) => codeAt(field) === 0)) continue;
    const isShared = (field: number) =>
      codeAt(field) !== NO_CODE && weights[field]![codeAt(field)]! > 0;
    if (places.some(isShared)) colleagues++;
  }
  return colleagues;
}
