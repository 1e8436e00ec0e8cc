import { expect, test } from "@jest/globals";
import { nameGroups } from "../../subgraphs/identity/domain/name-groups.ts";
import type { Group } from "../../subgraphs/identity/domain/group.ts";
import type { KnownIdentifier } from "../../subgraphs/identity/domain/person-state.ts";
import { dayOne, dayTwo, identifier } from "./store-rows.ts";

function group(...members: readonly KnownIdentifier[]): Group {
  const keys = members.map(({ key }) => key).sort();
  const summary = { size: keys.length, known: true, tally: {}, lastRank: "", policyVersion: 1 };
  return { ...summary, keys, conflicted: false, decided: false };
}

test("given a merge is taken back after a split gave the old id to a greater part, when the groups are named, then it is with whom it began", () => {
  // Merged into `into` and split from it again together with two that never were `from`'s.
  const guest = identifier("user_id", "from", { originId: "from" });
  const [one, other] = [1, 2].map(() => identifier("user_id", "from", { originId: "into" }));
  const rest = identifier("user_id", "into", { originId: "into" });
  const all = [guest, one!, other!, rest];
  const { ids } = nameGroups({
    groups: [group(one!, other!), group(guest), group(rest)],
    identifiers: new Map(all.map((each) => [each.key, each])),
    persons: new Map([
      ["from", dayTwo],
      ["into", dayOne],
    ]),
    retired: new Map(),
    preferredId: null,
    leaving: new Set(),
    undone: new Map([[guest.key, { from: "from", to: "into" }]]),
    newPersonId: () => "new",
  });
  expect(ids).toEqual(["new", "from", "into"]);
});
