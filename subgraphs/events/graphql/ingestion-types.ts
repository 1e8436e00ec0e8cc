import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { Json } from "../../../kernel/federation/scalars.ts";
import { EventType } from "./enums.ts";

const instant = "ISO 8601; UTC when it names no zone.";

@InputType({ description: "One event, as in Segment's spec. It must name somebody." })
export class EventInput {
  @Field(() => EventType, { description: "What it says." })
  type: EventType;

  @Field(() => String, { nullable: true, description: "Name of a track event." })
  event?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Unique per source, at most 255 characters; sent twice, taken once. Made when absent.",
  })
  messageId?: string | null;

  @Field(() => ID, { nullable: true, description: "Our user's id of the person, once known." })
  userId?: string | null;

  @Field(() => ID, { nullable: true, description: "Id of a browser or app before it is known." })
  anonymousId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: "Of an alias: what the person was called before.",
  })
  previousId?: string | null;

  @Field(() => ID, { nullable: true, description: "Of a group call: the account." })
  groupId?: string | null;

  @Field(() => String, { nullable: true, description: "Name of a page or screen." })
  name?: string | null;

  @Field(() => String, { nullable: true, description: "Category of a page or screen." })
  category?: string | null;

  @Field(() => String, { nullable: true, description: `When it happened. ${instant}` })
  timestamp?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `When it happened by the sender's clock; corrected by \`sentAt\`. ${instant}`,
  })
  originalTimestamp?: string | null;

  @Field(() => String, {
    nullable: true,
    description: `When it was sent, by that clock. ${instant}`,
  })
  sentAt?: string | null;

  @Field(() => Json, { nullable: true, description: "What happened, as an object." })
  properties?: unknown;

  @Field(() => Json, { nullable: true, description: "What is known of the person or account." })
  traits?: unknown;

  @Field(() => Json, { nullable: true, description: "Circumstances: device, page, externalIds, …" })
  context?: unknown;
}

@InputType({ description: "Events of one source." })
export class IngestEventsInput {
  @Field(() => String, { description: "Name of the source they come from." })
  source: string;

  @Field(() => [EventInput], { description: "At most 2,500 events of at most 32 KB each." })
  events: EventInput[];
}

@ObjectType("RejectedEvent", { description: "An event that was not taken, and why." })
export class RejectedEventType {
  @Field(() => Int, { description: "Its place in the list, from 0." })
  index: number;

  @Field(() => String, { nullable: true, description: "Its message id, when it has a usable one." })
  messageId: string | null;

  @Field(() => [ProblemType], { description: "What is wrong with it." })
  problems: ProblemType[];
}

@ObjectType({ description: "What became of the events; the four add up to those that were sent." })
export class IngestEventsPayload {
  @Field(() => Int, { description: "Events that are on disk now." })
  accepted: number;

  @Field(() => Int, { description: "Events that were known already by their message id." })
  duplicates: number;

  @Field(() => Int, { description: "Events that wait in quarantine to be mended." })
  quarantined: number;

  @Field(() => [RejectedEventType], { description: "Events that were not taken, and why." })
  rejected: RejectedEventType[];

  @Field(() => [ProblemType], { description: "Why the whole request was refused, if it was." })
  problems: ProblemType[];
}
