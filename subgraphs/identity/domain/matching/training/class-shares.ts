import type { RecordSchema } from "../schema/record-schema.ts";
import { colleagueWeigher, rivalWeigher } from "../scoring/combine-weights.ts";
import { bounded } from "../scoring/field-weight.ts";
import { NO_CODE, type PairEvidence } from "./pair-evidence.ts";

/** What EM supposes of all pairs of a file. */
export interface Supposition {
  readonly schema: RecordSchema;
  /** log2(m / u) by field and code. */
  readonly weights: readonly (readonly number[])[];
  /** Shares of all pairs that are of one person, of two of one household. */
  readonly prior: number;
  readonly kinShare: number;
  /** Share of relatives who have one birth date. */
  readonly twinShare: number;
  /** Share of all pairs that are of two persons of one workplace; 0 where nothing tells of workplaces. */
  readonly colleagueShare: number;
}

/** By pair: how surely it is of one person, of two of one household. */
export interface ClassShares {
  readonly match: Float64Array;
  readonly kin: Float64Array;
}

/** Sorts pairs by what they may be: one person, two of one household, two strangers. */
export function classShares(
  { schema, weights, prior, kinShare, twinShare, colleagueShare }: Supposition,
  evidence: PairEvidence,
): ClassShares {
  const { codes, rarity, surnameCodes, surnameRarity, pairCount, fieldCount } = evidence;
  const weigh = rivalWeigher(schema, twinShare);
  const weighColleagues = colleagueWeigher(schema);
  const name = schema.fields.findIndex(({ kind }) => kind === "name");
  const [matchPrior, kinPrior] = [Math.log2(prior), Math.log2(kinShare)];
  const ofPair = new Float64Array(fieldCount);
  const kept = new Float64Array(fieldCount);
  const shares = { match: new Float64Array(pairCount), kin: new Float64Array(pairCount) };
  for (let pair = 0; pair < pairCount; pair++) {
    for (let field = 0; field < fieldCount; field++) {
      const at = pair * fieldCount + field;
      const code = codes[at]!;
      ofPair[field] = code === NO_CODE ? 0 : bounded(weights[field]![code]! + rarity[at]!);
    }
    const surnameCode = surnameCodes[pair]!;
    const surname =
      surnameCode === NO_CODE
        ? 0
        : Math.max(0, weights[name]![surnameCode]! + surnameRarity[pair]!);
    const { total, amongKin } = weigh(ofPair, surname, kept);
    const [match, kin] = [2 ** (matchPrior + total), 2 ** (kinPrior + total - amongKin)];
    const colleague =
      colleagueShare === 0 ? 0 : colleagueShare * 2 ** (total - weighColleagues(ofPair, kept));
    shares.match[pair] = match / (1 + match + kin + colleague);
    shares.kin[pair] = kin / (1 + match + kin + colleague);
  }
  return shares;
}

export const sumOf = (shares: Float64Array) => shares.reduce((sum, share) => sum + share, 0);
