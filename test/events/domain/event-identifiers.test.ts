import { describe, expect, test } from "@jest/globals";
import {
  identifiersOf,
  type NamingParts,
} from "../../../subgraphs/events/domain/event-identifiers.ts";

const nobody: NamingParts = {
  type: "TRACK",
  userId: null,
  anonymousId: null,
  previousId: null,
  traits: {},
  context: {},
};
const keysOf = (parts: Partial<NamingParts>) =>
  identifiersOf({ ...nobody, ...parts }).map(({ namespace, value }) => `${namespace}:${value}`);

describe("given the parts of an event that may name somebody", () => {
  test.each<[string, Partial<NamingParts>, string[]]>([
    ["user and anonymous id", { userId: "u", anonymousId: "a" }, ["user_id:u", "anonymous_id:a"]],
    [
      "the traits of an identify",
      { type: "IDENTIFY", userId: "u", traits: { email: "A@b.c", phone: 4930901820 } },
      ["user_id:u", "email:A@b.c", "phone:4930901820"],
    ],
    [
      "the traits of a group, which are the group's",
      {
        type: "GROUP",
        userId: "u",
        traits: { email: "office@b.c" },
        context: { traits: { email: "ana@b.c" } },
      },
      ["user_id:u", "email:ana@b.c"],
    ],
    [
      "context.traits",
      { userId: "u", context: { traits: { email: "ana@b.c" } } },
      ["user_id:u", "email:ana@b.c"],
    ],
    [
      "an alias of either kind",
      { type: "ALIAS", userId: "u", previousId: "p" },
      ["user_id:u", "anonymous_id:p", "user_id:p"],
    ],
    [
      "an alias of the anonymous id",
      { type: "ALIAS", userId: "u", anonymousId: "a", previousId: "a" },
      ["user_id:u", "anonymous_id:a"],
    ],
    [
      "a previous id elsewhere, which says nothing",
      { userId: "u", previousId: "p" },
      ["user_id:u"],
    ],
    [
      "external ids",
      {
        context: {
          externalIds: [
            { id: "003", type: "crm_contact_id", collection: "users", encoding: "none" },
            { id: 7, type: "member_id" },
          ],
        },
      },
      ["crm_contact_id:003", "member_id:7"],
    ],
    [
      "external ids of accounts, of other encodings, of no type",
      {
        userId: "u",
        context: {
          externalIds: [
            { id: "x", type: "t", collection: "accounts" },
            { id: "x", type: "t", encoding: "base64" },
            { id: "x" },
            { id: "x", type: "a:b" },
            null,
            "x",
          ],
        },
      },
      ["user_id:u"],
    ],
    [
      "a device",
      { context: { device: { id: "d", type: "iOS", advertisingId: "ad" } } },
      ["device_id:d", "ios.idfa:ad"],
    ],
    [
      "a device that forbids tracking",
      {
        context: {
          device: { id: "d", type: "android", advertisingId: "ad", adTrackingEnabled: false },
        },
      },
      ["device_id:d"],
    ],
    [
      "a session, a number",
      { userId: "u", context: { sessionId: 1795381956 } },
      ["user_id:u", "session_id:1795381956"],
    ],
    [
      "an e-mail that is no text",
      { userId: "u", context: { traits: { email: { toString: 1 } } } },
      ["user_id:u"],
    ],
    [
      "the same twice",
      { userId: "u", context: { externalIds: [{ id: "u", type: "user_id" }] } },
      ["user_id:u"],
    ],
  ])("when they hold %s, then it names them", (_name, parts, keys) => {
    expect(keysOf(parts)).toEqual(keys);
  });

  test("when there are thousands of external ids, then 64 are taken", () => {
    const externalIds = Array.from({ length: 5_000 }, (_, id) => ({ id, type: "t" }));
    expect(keysOf({ context: { externalIds } })).toHaveLength(64);
  });
});
