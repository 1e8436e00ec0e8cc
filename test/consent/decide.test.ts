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

  test("C16, asked about both addresses: it denies who sends to both, and lets who leaves one out", () => {
    const one = readCases().find(({ id }) => id === "C16")!;
    const addresses = ["email:b@example.com", "email:a@example.com"];
    const decided = (leavesOut: boolean, named: string[]) => {
      const request = { ...requestOf(one.request), addresses: named, leavesOut };
      const { outcome, leaveOut, reasons } = decide(
        factsOf(one),
        request,
        policyOf(one.given),
        nowOf(one),
      );
      return { outcome, leaveOut, reasons: reasons.map(({ code }) => code) };
    };
    const denied = { outcome: "DENY", leaveOut: [], reasons: ["SUPPRESSED_HARD_BOUNCE"] };
    expect(decided(false, addresses)).toEqual(denied);
    expect(decided(true, addresses)).toEqual({
      outcome: "ALLOW",
      leaveOut: ["email:a@example.com"],
      reasons: ["CONSENT_GRANTED", "ADDRESSES_LEFT_OUT"],
    });
    expect(decided(true, ["email:a@example.com"])).toEqual(denied);
    expect(decided(true, ["email:a@example.com", "phone:+4915112345678"])).toEqual(denied);
  });
});
