import { registerEnumType } from "type-graphql";

export enum ReviewCauseEnum {
  MEDIUM_MATCH = "MEDIUM_MATCH",
  CONSTRAINT = "CONSTRAINT",
  CONTRADICTION = "CONTRADICTION",
  SAMPLE = "SAMPLE",
}
registerEnumType(ReviewCauseEnum, {
  name: "ReviewCause",
  description: "Why somebody has to look.",
  valuesConfig: {
    MEDIUM_MATCH: { description: "A match that is not sure enough to act upon" },
    CONSTRAINT: { description: "Evidence ties two persons whom a constraint keeps apart" },
    CONTRADICTION: { description: "Evidence goes against what somebody decided" },
    SAMPLE: { description: "A match the model made, drawn by lot to see how often it is wrong" },
  },
});

export enum ReviewStateEnum {
  OPEN = "OPEN",
  DECIDED = "DECIDED",
  CLOSED = "CLOSED",
}
registerEnumType(ReviewStateEnum, {
  name: "ReviewState",
  description: "Where an item stands.",
  valuesConfig: {
    OPEN: { description: "Waits for a verdict" },
    DECIDED: { description: "Somebody has decided it" },
    CLOSED: { description: "Its reason has gone without a verdict" },
  },
});

export enum ReviewVerdictEnum {
  APPROVE = "APPROVE",
  REJECT = "REJECT",
  DEFER = "DEFER",
}
registerEnumType(ReviewVerdictEnum, {
  name: "ReviewVerdict",
  description: "What somebody says about an item.",
  valuesConfig: {
    APPROVE: { description: "They are one person" },
    REJECT: { description: "They are two persons" },
    DEFER: { description: "To be looked at later" },
  },
});
