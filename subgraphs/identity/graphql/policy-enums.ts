import { registerEnumType } from "type-graphql";

export enum PolicyStateEnum {
  PROPOSED = "PROPOSED",
  APPROVED = "APPROVED",
  REJECTED = "REJECTED",
  ACTIVE = "ACTIVE",
  RETIRED = "RETIRED",
}
registerEnumType(PolicyStateEnum, {
  name: "IdentityPolicyState",
  description: "How far a version of the policy has come.",
  valuesConfig: {
    PROPOSED: { description: "Waits for somebody else's approval" },
    APPROVED: { description: "May be put in force" },
    REJECTED: { description: "Was refused, for good" },
    ACTIVE: { description: "Is in force" },
    RETIRED: { description: "Was in force and may be again: a rollback" },
  },
});

export enum IdentityJobStateEnum {
  RUNNING = "RUNNING",
  DONE = "DONE",
  CANCELLED = "CANCELLED",
  SUPERSEDED = "SUPERSEDED",
  FAILED = "FAILED",
}
registerEnumType(IdentityJobStateEnum, {
  name: "IdentityJobState",
  description: "How a job in the background stands.",
  valuesConfig: {
    RUNNING: { description: "Is at work, or waits for its turn" },
    DONE: { description: "Is through" },
    CANCELLED: { description: "Was stopped by somebody" },
    SUPERSEDED: { description: "Another activation took its place" },
    FAILED: { description: "Failed several times and was given up" },
  },
});
