import { expect, test } from "@jest/globals";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { explain } from "../../subgraphs/identity/domain/explain.ts";
import { indexPolicy } from "../../subgraphs/identity/domain/identity-policy.ts";
import { dayOne, identifier, tie } from "./store-rows.ts";

const index = indexPolicy(defaultPolicy);

test("given a merge by hand of three, when it is explained, then the path is the same in whatever order the decision names them", () => {
  const own = ["a", "b", "c"].map((name) =>
    identifier("email", "person_1", { value: `${name}@example.org` }),
  );
  const keys = own.map(({ key }) => key);
  const paths = [keys, keys.toReversed(), [keys[1]!, keys[0]!, keys[2]!]].map((left) => {
    const decisions = [
      {
        ...{ id: "decision_1", kind: "MUST_LINK" as const, left, right: [] },
        ...{ madeAt: dayOne, actor: "key_1", reason: "Passport" },
      },
    ];
    const around = { identifiers: own, evidence: [], decisions };
    const { path } = explain(own[1]!, own[2]!, around, index);
    return path.map(({ from, to }) => [from.value, to.value]);
  });
  expect(paths).toEqual(
    paths.map(() => [
      ["b@example.org", "a@example.org"],
      ["a@example.org", "c@example.org"],
    ]),
  );
});

test("given two ties between the same two, when they are explained, then the same one is shown in whatever order they are known", () => {
  const own = ["u1", "u2"].map((value) => identifier("user_id", "person_1", { value }));
  const ties = ["same_event", "alias"].map((rule) => tie(own[0]!, own[1]!, { rule }));
  const rules = [ties, ties.toReversed()].map((evidence) => {
    const around = { identifiers: own, evidence, decisions: [] };
    return explain(own[0]!, own[1]!, around, index).path.map((step) => step.evidence.rule);
  });
  expect(rules).toEqual([["alias"], ["alias"]]);
});
