import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { IdentifierReader } from "../../subgraphs/identity/domain/normalise-identifier.ts";
import { recordOfEvent } from "../../subgraphs/identity/domain/records/record-of-event.ts";
import { event } from "./identity-world.ts";

const reader = new IdentifierReader(defaultPolicy);

function read(record: unknown) {
  const carrying = { ...event({ ids: { user_id: "u" } }), context: { record } };
  return recordOfEvent(carrying, reader, new Date("2026-06-01T00:00:00.000Z"));
}

test("given whatever stands where an event's record should, when it is read, then it is a record, or is refused with reasons, or is none", () => {
  const kind = fc.oneof(
    fc.constantFrom("CONTACT", "contact", "", null, { toString: 1, valueOf: 1 }, ["LEAD"]),
    fc.jsonValue(),
  );
  const record = fc.oneof(
    fc.jsonValue(),
    fc.record(
      { kind, key: fc.oneof(fc.string(), fc.jsonValue()), attributes: fc.jsonValue() },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(record, (given) => {
      const said = read(given);
      if (said === null) expect(given).toBeNull();
      else expect(said.record !== null || said.problems.length > 0).toBe(true);
    }),
  );
  expect(read({ kind: { toString: 1, valueOf: 1 }, key: "k" })?.problems).toHaveLength(1);
  expect(read({ key: "k", attributes: { familyName: "Sousa" } })?.record?.kind).toBe("OTHER");
});
