import { registerEnumType } from "type-graphql";

/** What consent says to a use; the same in every subgraph. */
export enum ConsentOutcome {
  ALLOW = "ALLOW",
  ALLOW_REDACTED = "ALLOW_REDACTED",
  DEFER = "DEFER",
  DENY = "DENY",
}

registerEnumType(ConsentOutcome, {
  name: "ConsentOutcome",
  description: "What may be done.",
  valuesConfig: {
    ALLOW: { description: "It may be done." },
    ALLOW_REDACTED: { description: "It may be done without the fields named as redacted." },
    DEFER: { description: "Not now; ask again later." },
    DENY: { description: "It must not be done." },
  },
});
