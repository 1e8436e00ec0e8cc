import { Field, ObjectType } from "type-graphql";
import { connectionOf } from "../../kernel/federation/connection.ts";
import { Json } from "../../kernel/federation/scalars.ts";

@ObjectType("ParkedEntry", {
  description:
    "An entry of a stream that a part could not work off, three times and by itself: it was passed over, so " +
    "that those behind it go on. A healthy platform has none; each is a fault of ours to be reported.",
})
export class ParkedEntryType {
  @Field(() => String, { description: "Who could not work it off, such as `identity`." })
  consumer: string;

  @Field(() => String, { description: "The stream that it reads, such as `events`." })
  stream: string;

  @Field(() => String, { description: "What went wrong; masked without `pii:read`." })
  reason: string;

  @Field(() => Date, { description: "When it was given up." })
  parkedAt: Date;

  @Field(() => Json, {
    nullable: true,
    description: "The entry itself, masked without `pii:read`; null: retention has removed it.",
  })
  payload: unknown;
}

@ObjectType("ParkedEntryConnection", { description: "A page of parked entries, newest first." })
export class ParkedEntryConnection extends connectionOf("ParkedEntry", () => ParkedEntryType) {}
