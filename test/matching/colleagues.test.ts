import { expect, test } from "@jest/globals";
import {
  comparatorOf,
  type FieldKind,
} from "../../subgraphs/identity/domain/matching/fields/field-kind.ts";
import {
  GIVEN_DIFFERENT,
  SURNAME_COUNT,
  SURNAME_DIFFERENT,
} from "../../subgraphs/identity/domain/matching/fields/name-codes.ts";
import { evaluatePartition } from "../../subgraphs/identity/domain/matching/evaluate.ts";
import type { RecordSchema } from "../../subgraphs/identity/domain/matching/schema/record-schema.ts";
import { weightAdjustment } from "../../subgraphs/identity/domain/matching/scoring/combine-weights.ts";
import { codeWeights } from "../../subgraphs/identity/domain/matching/training/code-weights.ts";
import { countColleagues } from "../../subgraphs/identity/domain/matching/training/estimate-colleagues.ts";
import { NO_CODE } from "../../subgraphs/identity/domain/matching/training/pair-evidence.ts";
import { matchRows } from "./match-sample.ts";
import { samplePeople } from "./people-sample.ts";

const COLLEAGUES = 4;

/** Four persons a company, who share its address and its switchboard. */
function contacts() {
  return samplePeople(300).map(({ person, given_name, surname, email }) => {
    const firm = Math.floor(Number(person.slice(1)) / COLLEAGUES);
    return {
      person,
      given_name,
      surname,
      email,
      company: `Werk ${String.fromCharCode(65 + (firm % 26))}${firm} GmbH`,
      street: `Industriestraße ${firm + 1}`,
      phone: `069 ${5_550_000 + firm * 137}`,
    };
  });
}

test("given colleagues of one company, address and switchboard, when matched, then they stay apart", () => {
  const rows = contacts();
  const { result } = matchRows(rows, ["person"]);
  const quality = evaluatePartition(
    result.clusters,
    rows.map(({ person }) => person),
  );
  expect(quality.precision).toBeGreaterThanOrEqual(0.95);
  expect(quality.recall).toBeGreaterThanOrEqual(0.9);
});

const kinds: FieldKind[] = ["name", "organisation", "phone"];
const schema: RecordSchema = {
  nameColumns: { full: [], given: [], middle: [], surname: [], generation: [] },
  fields: kinds.map((kind) => ({ name: kind, kind, columns: [kind], hints: { isDayFirst: true } })),
};

test("given one company and number, then two names are two colleagues and one name is one person", () => {
  const total = (weights: number[], surname: number) => {
    const adjusted = Float64Array.from(weights);
    weightAdjustment({ schema, kinShare: 2 ** -17, twinShare: 1 / 40, colleagueShare: 2 ** -8 })(
      adjusted,
      surname,
    );
    return adjusted.reduce((sum, bits) => sum + bits, -11);
  };
  expect(total([-4, 7, 10], 0)).toBeLessThan(-5);
  expect(total([13, 7, 10], 8)).toBeGreaterThan(6);
});

test("given pairs of one number and two names, then birth dates tell how many are colleagues", () => {
  const fields = (["name", "phone", "date"] as const).map((kind) => ({
    name: kind,
    kind,
    columns: [kind],
    hints: { isDayFirst: true },
  }));
  const weights = fields.map(({ kind }) => {
    const { expectedAmongMatches: m, expectedAmongDifferent: u } = comparatorOf(kind);
    return codeWeights(kind, m, u);
  });
  const otherName = GIVEN_DIFFERENT * SURNAME_COUNT + SURNAME_DIFFERENT;
  const [sameDay, anotherDay] = [0, 9];
  const dates = [
    ...Array(8).fill(sameDay),
    ...Array(2).fill(anotherDay),
    ...Array(10).fill(NO_CODE),
  ];
  const count = countColleagues(
    {
      schema: { ...schema, fields },
      weights,
      prior: 1e-3,
      kinShare: 1e-5,
      twinShare: 1 / 40,
      colleagueShare: 0,
    },
    {
      codes: Uint8Array.from(dates.flatMap((date) => [otherName, 0, date])),
      rarity: new Float32Array(dates.length * fields.length),
      surnameCodes: new Uint8Array(dates.length),
      surnameRarity: new Float32Array(dates.length),
      pairCount: dates.length,
      fieldCount: fields.length,
    },
  );
  expect(count).toBeCloseTo(4);
});
