import { expect, test } from "@jest/globals";
import { Redactor } from "../../../kernel/privacy/redactor.ts";
import { withoutNames } from "../../../subgraphs/events/domain/erased-event.ts";
import { event } from "../../identity/identity-world.ts";

const redactor = new Redactor([{ namespace: "email", value: "ana@example.com", token: "erased" }]);

test("given an event of somebody else that has an erased address as its own, when it is taken, then the address is not there, and no token in its place", () => {
  const sent = {
    ...event({ ids: { user_id: "bo", email: "Ana@Example.com" } }),
    traits: { email: "Ana@Example.com", city: "Faro", note: "wrote to ana@example.com" },
    context: { traits: { email: "ana@example.com", plan: "gold" }, locale: "pt" },
  };
  const { identifiers, traits, context } = withoutNames(sent, redactor);
  expect(identifiers).toEqual([{ namespace: "user_id", value: "bo" }]);
  expect(traits).toEqual({ city: "Faro", note: "wrote to erased" });
  expect(context).toEqual({ traits: { plan: "gold" }, locale: "pt" });
});
