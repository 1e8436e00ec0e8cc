import { expect, test } from "@jest/globals";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { brokenLimit } from "../../subgraphs/identity/domain/group.ts";
import { indexPolicy } from "../../subgraphs/identity/domain/identity-policy.ts";

const index = indexPolicy(defaultPolicy);

test.each([
  [["user_id", "member_id"], "user_id"],
  [["email", "member_id"], "member_id"],
  [["phone", "email"], "email"],
])(
  "given a group that breaks the limits of %j, when in either order, then that of %s is named",
  (names, named) => {
    for (const order of [names, names.toReversed()]) {
      const tally = Object.fromEntries(order.map((name) => [name, 99]));
      expect(brokenLimit(tally, index)?.namespace).toBe(named);
    }
  },
);
