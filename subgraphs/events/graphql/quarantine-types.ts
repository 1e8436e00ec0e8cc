import { Field, InputType, Int, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { DateTime, Json } from "../../../kernel/federation/scalars.ts";
import { EventType, QuarantineState } from "./enums.ts";
import { SourceType } from "./source-types.ts";

@ObjectType("Violation", { description: "One breach of a contract." })
export class ViolationType {
  @Field(() => String, { description: "Where in the event, as a JSON pointer." })
  path: string;

  @Field(() => String, { description: "The rule that was broken, as JSON Schema calls it." })
  rule: string;

  @Field(() => String, { description: "What is wrong, in words." })
  message: string;
}

@ObjectType("QuarantinedEvent", { description: "An event that broke its contract, whole." })
export class QuarantinedEventType {
  @Field(() => String, { description: "Its message id." })
  messageId: string;

  @Field(() => SourceType, { nullable: true, description: "Where it came from." })
  source: SourceType | null;

  @Field(() => EventType, { description: "What it says." })
  type: EventType;

  @Field(() => String, { nullable: true, description: "Name of the event, page or screen." })
  event: string | null;

  @Field(() => Int, { nullable: true, description: "The version it was held against." })
  contractVersion: number | null;

  @Field(() => DateTime, { description: "When it came." })
  receivedAt: Date;

  @Field(() => [ViolationType], { description: "All its reasons, newest check." })
  violations: ViolationType[];

  @Field(() => Json, {
    description:
      "As it was sent, with what it inherited from its batch; masked without `pii:read`.",
  })
  payload: unknown;

  @Field(() => QuarantineState, { description: "What became of it." })
  state: QuarantineState;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was replayed, mended or discarded.",
  })
  settledAt: Date | null;

  @Field(() => String, { nullable: true, description: "Why it was discarded." })
  reason: string | null;
}

@ObjectType("QuarantinedEventConnection", { description: "A page of quarantined events." })
export class QuarantinedEventConnection extends connectionOf(
  "QuarantinedEvent",
  () => QuarantinedEventType,
) {
  @Field(() => Int, { description: "How many there are in all." })
  totalCount: number;
}

@InputType({ description: "Which quarantined events are meant; absent conditions hold for all." })
export class QuarantineFilter {
  @Field(() => [String], { nullable: true, description: "Names of sources." })
  sources?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Names of events." })
  events?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Message ids." })
  messageIds?: string[] | null;

  @Field(() => [QuarantineState], {
    nullable: true,
    description: "States; a list without this filter shows those that wait.",
  })
  states?: QuarantineState[] | null;

  @Field(() => DateTime, { nullable: true, description: "Received at or after." })
  receivedFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Received before." })
  receivedUntil?: Date | null;
}

@InputType({ description: "Waiting events to read again, at most 1,000 at a time, oldest first." })
export class ReplayQuarantineInput {
  @Field(() => QuarantineFilter, { description: "Which ones." })
  filter: QuarantineFilter;

  @Field(() => Json, {
    nullable: true,
    description: "JSON Merge Patch (RFC 7396) for each event: null removes, objects merge.",
  })
  patch?: unknown;

  @Field(() => Boolean, { defaultValue: false, description: "Only tell what would happen." })
  dryRun: boolean;
}

@ObjectType({ description: "What a replay did, or would do." })
export class ReplayQuarantinePayload {
  @Field(() => Int, { description: "Waiting events that were meant." })
  matched: number;

  @Field(() => Int, { description: "Events that passed and were accepted." })
  replayed: number;

  @Field(() => Int, { description: "Events that wait on, with their new reasons." })
  waiting: number;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}

@InputType({ description: "Waiting events to let go, at most 1,000 at a time, oldest first." })
export class DiscardQuarantineInput {
  @Field(() => QuarantineFilter, { description: "Which ones." })
  filter: QuarantineFilter;

  @Field(() => String, { description: "Why, 1–500 characters; kept with each." })
  reason: string;
}

@ObjectType({ description: "What was discarded." })
export class DiscardQuarantinePayload {
  @Field(() => Int, { description: "Events that were let go." })
  discarded: number;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}
