import { describe, expect, it } from "@jest/globals";
import { difference } from "../../subgraphs/identity/store/neo4j-recall.ts";

describe("what is saved of a row that was there before", () => {
  it("is what differs", () => {
    expect(difference({ key: "a", seen: false }, { key: "a", seen: null })).toEqual({ seen: null });
  });

  it("is the last instant with the first: rows of earlier versions have it where it is the same", () => {
    const [before, after] = ["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"].map(
      (firstSeenAt) => ({ firstSeenAt, lastSeenAt: null }),
    );
    expect(difference(before!, after!)).toEqual(after);
  });
});
