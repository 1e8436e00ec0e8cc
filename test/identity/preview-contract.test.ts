import "reflect-metadata";
import { expect, test } from "@jest/globals";
import { buildSchema, parse, validate } from "graphql";
import { publicPath } from "../../gateway/supergraph/load-supergraph.ts";
import { printSchemas } from "../../gateway/supergraph/print-schemas.ts";

const previews = `query Previews($into: ID!, $from: [ID!]!, $person: ID!, $before: ID) {
  previewMerge(into: $into, from: $from) {
    allowed
    refusals { constraint message }
    traits { name value from }
    audiencesEntered { name }
    audiencesLeft { name title }
    consentDecisions { purpose channel before after }
  }
  previewSplit(person: $person, before: $before) { allowed persons { id audiencesLeft { name } } }
}`;

test("given the public schema, when previews are asked for, then they are there, and what subgraphs ask each other is not", async () => {
  const text = (await printSchemas()).get(publicPath)!;
  expect(validate(buildSchema(text), parse(previews))).toEqual([]);
  for (const name of ["hypothetical", "Hypothesis", "Hypothetical", "audienceBindings"]) {
    expect(text).not.toContain(name);
  }
}, 60_000);
