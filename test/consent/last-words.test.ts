import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { StatementFact, Tenure } from "../../subgraphs/consent/domain/consent-facts.ts";
import { noFacts } from "../../subgraphs/consent/domain/consent-facts.ts";
import { policyWith } from "../../subgraphs/consent/domain/consent-policy.ts";
import { requestFor } from "../../subgraphs/consent/domain/consent-request.ts";
import { decide } from "../../subgraphs/consent/domain/decide.ts";
import { knownAsOne } from "../../subgraphs/consent/domain/known-as-one.ts";
import { lastWords } from "../../subgraphs/consent/domain/last-words.ts";

function said(subject: string, kind: "GRANT" | "WITHDRAW", at: number, rest = {}): StatementFact {
  return {
    subject,
    purpose: "marketing",
    channel: null,
    kind,
    statedAt: at,
    heldAt: at,
    byOperator: false,
    expiresAt: null,
    noticeVersion: null,
    isConfirmed: true,
    messageId: null,
    band: "HIGH",
    ...rest,
  };
}

function move(subject: string, from: string | null, to: string, at: number): Tenure {
  return { subject, fromPersonId: from, toPersonId: to, at, messageId: null };
}

const policy = policyWith([
  {
    name: "marketing",
    basis: "CONSENT",
    channels: [],
    minimumNoticeVersion: null,
    tcfPurposes: [],
  },
]);

function codes(statements: StatementFact[], tenures: Tenure[] = []): string[] {
  const facts = { ...noFacts, statements, tenures };
  const decision = decide(facts, requestFor("Marketing", "EMAIL"), policy, 1_000);
  return decision.reasons.map((reason) => reason.code);
}

describe("who was known to be one, and since when", () => {
  test("given subjects that never moved, then they were one for ever", () => {
    expect(knownAsOne([])("a", "b").since).toBe(Number.NEGATIVE_INFINITY);
  });

  test("given a merge, then the sides are one since then, and each side was one before", () => {
    const since = knownAsOne([move("c", "p2", "p1", 50), move("d", "p2", "p1", 50)]);
    expect(since("a", "c").since).toBe(50);
    expect(since("c", "d").since).toBe(Number.NEGATIVE_INFINITY);
    expect(since("a", "b").since).toBe(Number.NEGATIVE_INFINITY);
  });

  test("given a chain of merges, then the first meeting counts", () => {
    const chain = [move("c", "p2", "p1", 50), move("c", "p1", "p0", 70), move("a", "p1", "p0", 70)];
    const since = knownAsOne(chain);
    expect(since("a", "c").since).toBe(50);
    expect(since("a", "z").since).toBe(70);
  });

  test("given a merge, a split and a merge again, then only the last one counts", () => {
    const since = knownAsOne([
      move("c", "p2", "p1", 10),
      move("c", "p1", "p2", 20),
      move("c", "p2", "p1", 30),
    ]);
    expect(since("a", "c").since).toBe(30);
  });
});

describe("who has the last word", () => {
  test("given a subject that spoke before it had a person, when it joins another's, then they conflict", () => {
    const tenures = [move("c", null, "p1", 50)];
    expect(codes([said("c", "WITHDRAW", 10), said("a", "GRANT", 20)], tenures)).toEqual([
      "CONSENT_CONFLICT",
    ]);
  });

  test("given the grant came with the very event that joined them, then it speaks for both", () => {
    const tenures = [{ ...move("c", "p2", "p1", 50), messageId: "m1" }];
    const grant = said("a", "GRANT", 40, { messageId: "m1" });
    expect(codes([said("c", "WITHDRAW", 10), grant], tenures)).toEqual(["CONSENT_GRANTED"]);
  });

  test("given a banner that still repeats an old grant after the merge, then that is no new word", () => {
    const tenures = [move("c", "p2", "p1", 50)];
    const repeated = said("a", "GRANT", 20, { heldAt: 90 });
    expect(codes([said("c", "WITHDRAW", 10), repeated], tenures)).toEqual(["CONSENT_CONFLICT"]);
  });

  test("given a late refusal from within the time a grant was held, then the grant stands", () => {
    const grant = said("a", "GRANT", 20, { heldAt: 90 });
    expect(codes([grant, said("a", "WITHDRAW", 60)])).toEqual(["CONSENT_GRANTED"]);
  });

  test("given a grant and a refusal at one instant, then the refusal counts", () => {
    expect(codes([said("a", "WITHDRAW", 5), said("a", "GRANT", 5)])).toEqual(["CONSENT_WITHDRAWN"]);
  });

  test("given any statements in any order, then the last words are the same", () => {
    const statement = fc.record({
      subject: fc.constantFrom("a", "b", "c"),
      kind: fc.constantFrom("GRANT" as const, "WITHDRAW" as const),
      at: fc.integer({ min: 0, max: 100 }),
      byOperator: fc.boolean(),
    });
    const shuffled = fc
      .uniqueArray(statement, { maxLength: 8, selector: (one) => one.at })
      .chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      );
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 0, max: 100 }), ([one, other], mergedAt) => {
        const tenures = [move("c", "p2", "p1", mergedAt)];
        const read = (list: typeof one) =>
          lastWords(
            list.map(({ subject, kind, at, byOperator }) =>
              said(subject, kind, at, { byOperator }),
            ),
            tenures,
          )
            .map((word) => `${word.kind} ${word.statedAt}`)
            .sort();
        expect(read(one)).toEqual(read(other));
      }),
    );
  });

  test("given a withdrawal by everybody's last word, then no import, however late, revives it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 6 }), (times) => {
        const imports = times.map((at) => said("a", "GRANT", at, { byOperator: true }));
        expect(codes([...imports, said("a", "WITHDRAW", 10)])).toEqual(["CONSENT_WITHDRAWN"]);
      }),
    );
  });
});
