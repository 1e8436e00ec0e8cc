import { describe, expect, test } from "@jest/globals";
import { decide } from "../../subgraphs/consent/domain/decide.ts";
import { factsOf, nowOf, policyOf, readCases, requestOf } from "./cases/read-cases.ts";

describe("given the decision table, when a use is asked for, then it is decided as the table says", () => {
  for (const one of readCases()) {
    test(`${one.id} ${one.title}`, () => {
      const decision = decide(
        factsOf(one),
        requestOf(one.request),
        policyOf(one.given),
        nowOf(one),
      );
      const said = { decision: decision.outcome, reason: decision.reasons[0]?.code };
      const { decision: outcome, reason } = one.expect;
      expect(said).toEqual({ decision: outcome, reason });
    });
  }

  test("C52 lists all its reasons and C42 names the field it drops", () => {
    const decided = (id: string) => {
      const one = readCases().find((candidate) => candidate.id === id)!;
      return decide(factsOf(one), requestOf(one.request), policyOf(one.given), nowOf(one));
    };
    expect(decided("C52").reasons.map((reason) => reason.code)).toEqual([
      "ERASED",
      "SUPPRESSED_HARD_BOUNCE",
      "CONSENT_WITHDRAWN",
    ]);
    expect(decided("C42").redactedFields).toEqual(["allergies"]);
  });
});
