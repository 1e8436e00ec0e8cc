import { expect, test } from "@jest/globals";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { planErasure } from "../../subgraphs/identity/domain/erasure-plan.ts";
import { indexPolicy } from "../../subgraphs/identity/domain/identity-policy.ts";
import { dayOne, dayThree, dayTwo, identifier, tie } from "./store-rows.ts";

const index = indexPolicy(defaultPolicy);
const [ana, bo] = ["person_a", "person_b"];
const tablet = identifier("anonymous_id", ana);
const [user, other] = [identifier("user_id", ana), identifier("user_id", bo)];
const [first, second] = [
  tie(user, tablet, { firstSeenAt: dayOne, lastSeenAt: dayOne }),
  tie(other, tablet, { firstSeenAt: dayTwo, lastSeenAt: dayThree }),
];
const around = { identifiers: [tablet, user, other], evidence: [first, second] };

test("given a tablet that somebody else took over, when a person is erased, then it stays his, but for the time before", () => {
  const { gone, shared } = planErasure([tablet, user], around, index);
  expect(gone).toEqual([user]);
  expect(shared).toEqual([{ identifier: tablet, from: null, until: dayTwo }]);
});

test("given a tie to somebody else that nobody says any more, when the person is erased, then all goes", () => {
  const withdrawn = { ...second, confidence: 0, count: 0 };
  const evidence = [first, withdrawn];
  expect(planErasure([tablet, user], { ...around, evidence }, index)).toEqual({
    ...{ gone: [tablet, user], shared: [] },
  });
});

test("given a person of one identifier whose ties were all refused, when it is erased, then the identifier goes", () => {
  const evidence = [second];
  expect(planErasure([tablet], { ...around, evidence }, index)).toEqual({
    ...{ gone: [tablet], shared: [] },
  });
});
