import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { normaliseIdentifier } from "../../kernel/persons/normalise-identifier.ts";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { IdentifierReader } from "../../subgraphs/identity/domain/normalise-identifier.ts";

const reader = new IdentifierReader(defaultPolicy);
const namespaces = defaultPolicy.namespaces.map((namespace) => namespace.name);

test("given any identifier, when a client names it, then it is written as the identity graph writes it", () => {
  const email = fc.emailAddress().map((address) => ` ${address.toUpperCase()} `);
  const phone = fc.constantFrom(
    "+49 (151) 1234-5678",
    "0049 151 12345678",
    "tel:+4915112345678",
    "0151 12345678",
    "+1 650 253 0000",
  );
  const value = fc.oneof(
    email,
    phone,
    fc.uuid(),
    fc.string({ minLength: 1 }),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...namespaces), value, (namespace, raw) => {
      const { identifier } = reader.read({ namespace, value: raw });
      if (!identifier) return;
      const ours = normaliseIdentifier({ namespace, value: raw });
      expect(ours).toEqual({ namespace: identifier.namespace, value: identifier.value });
    }),
    { numRuns: 2_000 },
  );
});
