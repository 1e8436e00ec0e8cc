import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { normaliseIdentifier } from "../../kernel/persons/normalise-identifier.ts";
import { defaultPolicy } from "../../subgraphs/identity/domain/default-policy.ts";
import { IdentifierReader } from "../../subgraphs/identity/domain/normalise-identifier.ts";

const reader = new IdentifierReader(defaultPolicy);
const namespaces = defaultPolicy.namespaces.map((namespace) => namespace.name);

/** What people paste along: marks that are not seen, wide and joined letters, other spaces. */
const odd = [
  "\u200B",
  "\u200D",
  "\uFEFF",
  "\u00AD",
  "\u202A",
  "\u00A0",
  "\u3000",
  "ﬁ",
  "Ａ",
  "１",
  "＠",
  "．",
  '"',
];
const fullWidth = (text: string) =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));

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
    fc.emailAddress().map(fullWidth),
    fc.array(fc.constantFrom(...odd, "a", "B", "7", "@", ".", "+"), { maxLength: 12 }),
    fc.uuid(),
    fc.string({ minLength: 1 }),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...namespaces), value, (namespace, written) => {
      const raw = [written].flat().join("");
      const { identifier } = reader.read({ namespace, value: raw });
      if (!identifier) return;
      const ours = normaliseIdentifier({ namespace, value: raw });
      expect(ours).toEqual({ namespace: identifier.namespace, value: identifier.value });
    }),
    { numRuns: 2_000 },
  );
});
