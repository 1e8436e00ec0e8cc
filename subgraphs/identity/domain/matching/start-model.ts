import { comparatorOf, type FieldKind } from "./fields/field-kind.ts";
import { MODEL_VERSION, type MatchingModel } from "./scoring/matching-model.ts";
import type { FieldPlan, RecordSchema } from "./schema/record-schema.ts";
import { TWIN_SHARE } from "./training/estimate-kin.ts";
import { codeWeights } from "./training/code-weights.ts";

/**
 * General knowledge until there are records to learn from. Two records out of a hundred thousand pairs are of one
 * person; one pair in twenty thousand is of one household. Without term frequencies a common name looks as telling as
 * a rare one: the calibration says less than the weights claim, so that a name alone, or a name and a city, is a
 * question and no answer.
 */
const PRIOR = 1 / 100_000;
const KIN_SHARE = 1 / 20_000;
const CALIBRATION = { slope: 0.8, offset: -0.5 };
const RARE_SHARE = 1 / 10_000;

/** The model before the first training, over a schema. */
export function startModel(schema: RecordSchema): MatchingModel {
  return {
    version: MODEL_VERSION,
    schema,
    fields: schema.fields.map(({ name, kind }) => {
      const { expectedAmongMatches: m, expectedAmongDifferent: u } = comparatorOf(kind);
      return {
        name,
        m,
        u,
        agreementByAspect: {},
        shareByTerm: {},
        rarestShare: RARE_SHARE,
        weights: codeWeights(kind, m, u),
      };
    }),
    prior: PRIOR,
    kinShare: KIN_SHARE,
    twinShare: TWIN_SHARE,
    recordCount: 0,
    calibration: CALIBRATION,
  };
}

const NO_HINTS = { isDayFirst: true };

/** A schema over the columns of common roles, by kind. */
export function commonSchema(columnOf: (role: string) => string | undefined): RecordSchema {
  const columns = (role: string) => {
    const column = columnOf(role);
    return column === undefined ? [] : [column];
  };
  const plan = (name: string, kind: FieldKind, from: readonly string[]): FieldPlan => ({
    name,
    kind,
    columns: from,
    hints: NO_HINTS,
  });
  return {
    nameColumns: {
      full: columns("fullName"),
      given: columns("givenName"),
      middle: columns("middleName"),
      surname: columns("surname"),
      generation: columns("generation"),
    },
    fields: [
      plan("name", "name", []),
      plan("middleName", "middleName", []),
      plan("generation", "generation", []),
      plan("organisation", "organisation", columns("organisation")),
      plan("birthDate", "date", columns("birthDate")),
      plan("gender", "gender", columns("gender")),
      plan("email", "email", columns("email")),
      plan("phone", "phone", columns("phone")),
      plan("street", "street", [...columns("street"), ...columns("address")]),
      plan("postcode", "postcode", columns("postcode")),
      plan("city", "place", columns("city")),
    ],
  };
}
