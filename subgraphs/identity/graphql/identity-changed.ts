import { Arg, Ctx, Field, ObjectType, Resolver, Root, Subscription } from "type-graphql";
import type { IdentityChange } from "../../../kernel/announcements/identity-announcements.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Cursor, DateTime } from "../../../kernel/federation/scalars.ts";
import { cursorOf } from "../../../kernel/streams/cursor.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import { IdentityChangeType, toChangeType } from "./change-types.ts";

@ObjectType("IdentityChangedMessage", { description: "The identity graph changed." })
export class IdentityChangedMessage {
  @Field(() => Cursor, {
    description: "Place in the stream; hand it to `after` to go on from here.",
  })
  cursor: string;

  @Field(() => DateTime, { description: "Event time of the cause, or when somebody made it." })
  occurredAt: Date;

  @Field(() => IdentityChangeType, { description: "The change, as the audit log has it." })
  change: IdentityChangeType;
}

/** A subscription names its stream before an instance is at hand. */
export function identitySubscription(streams: Streams): object {
  @Resolver()
  class IdentitySubscription {
    @Subscription(() => IdentityChangedMessage, {
      description: "Changes of the identity graph, in order. Resumes after a cursor without loss.",
      subscribe: ({ args: { after }, context }) => {
        (context as RequestContext).authorise("profiles:read");
        return streams.subscribe("identity", { after, filter: ({ kind }) => kind === "CHANGE" });
      },
    })
    @requires("profiles:read")
    identityChanged(
      @Root() entry: StreamEntry,
      @Ctx() context: RequestContext,
      @Arg("after", () => Cursor, {
        nullable: true,
        description: 'Cursor to go on from; "0": from the beginning; absent: from now on.',
      })
      _after: string | null,
    ): IdentityChangedMessage {
      const change = entry.payload as IdentityChange;
      return {
        cursor: cursorOf("identity", entry.position),
        occurredAt: new Date(change.occurredAt),
        change: toChangeType(change, context),
      };
    }
  }
  return new IdentitySubscription();
}
