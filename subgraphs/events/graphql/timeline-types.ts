import { Directive, Field, ID, InputType, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { IdentifierRefType } from "../../../kernel/federation/identifier-ref.ts";
import { DateTime, Json } from "../../../kernel/federation/scalars.ts";
import { EventType } from "./enums.ts";
import { SourceType } from "./source-types.ts";

@ObjectType("TimelineEvent", { description: "An accepted event." })
export class TimelineEventType {
  @Field(() => String, { description: "Unique within its source." })
  messageId: string;

  @Field(() => EventType, { description: "What it says." })
  type: EventType;

  @Field(() => String, { nullable: true, description: "Name of the event, page or screen." })
  name: string | null;

  @Field(() => SourceType, { nullable: true, description: "Where it came from." })
  source: SourceType | null;

  @Field(() => DateTime, { description: "When it happened, corrected for the sender's clock." })
  occurredAt: Date;

  @Field(() => DateTime, { description: "When it came." })
  receivedAt: Date;

  @Field(() => [IdentifierRefType], {
    description: "Whom it names, as the source wrote it; masked without `pii:read`.",
  })
  identifiers: IdentifierRefType[];

  @Field(() => Json, { description: "What happened; masked without `pii:read`." })
  properties: unknown;

  @Field(() => Json, { description: "Traits it carries; masked without `pii:read`." })
  traits: unknown;

  @Field(() => Json, { description: "Its circumstances; masked without `pii:read`." })
  context: unknown;

  @Field(() => ID, { nullable: true, description: "Of a group call: the account." })
  groupId: string | null;
}

@ObjectType("TimelineConnection", { description: "A page of a timeline, newest event first." })
export class TimelineConnection extends connectionOf("Timeline", () => TimelineEventType) {}

@InputType("TimelineFilter", {
  description: "Which events of a timeline; absent conditions hold for all.",
})
export class TimelineFilterInput {
  @Field(() => [String], { nullable: true, description: "Names of events, pages, screens." })
  names?: string[] | null;

  @Field(() => [EventType], { nullable: true, description: "Types of events." })
  types?: EventType[] | null;

  @Field(() => [String], { nullable: true, description: "Names of sources." })
  sources?: string[] | null;

  @Field(() => DateTime, { nullable: true, description: "Happened at or after." })
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Happened before." })
  until?: Date | null;
}

@ObjectType("Person", { description: "One human, as resolved." })
@Directive('@key(fields: "id")')
export class PersonType {
  @Field(() => ID, { description: "Stable id; after a merge it leads to the survivor." })
  id: string;
}
