import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  registerEnumType,
  Resolver,
  Root,
  Subscription,
} from "type-graphql";
import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Cursor, DateTime } from "../../../kernel/federation/scalars.ts";
import { cursorOf } from "../../../kernel/streams/cursor.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import { activeVersionOf } from "../domain/audience.ts";
import type { AudienceReading } from "../service/audience-reading.ts";
import { audienceLoader } from "./audience-queries.ts";
import { AudienceType, PersonType, toAudienceType } from "./audience-types.ts";

const audiencesMax = 100;

export enum AudienceMembershipChangeKind {
  ENTERED = "ENTERED",
  EXITED = "EXITED",
}

registerEnumType(AudienceMembershipChangeKind, {
  name: "AudienceMembershipChangeKind",
  description: "What happened to a membership.",
  valuesConfig: {
    ENTERED: { description: "The person is a member from now on" },
    EXITED: { description: "The person is a member no more" },
  },
});

@ObjectType("AudienceMembershipChange", {
  description:
    "A person entered or exited an audience. When two persons turn out to be one, the id that was merged away " +
    "exits, and the survivor enters unless he was in already.",
})
export class AudienceMembershipChangeType {
  /** Name, for the resolver of `audience`. */
  audienceName: string;

  @Field(() => Cursor, {
    description: "Place in the stream; hand it to `after` to go on from here.",
  })
  cursor: string;

  @Field(() => DateTime, {
    description: "When; for a window that ran out, the instant at which it did.",
  })
  occurredAt: Date;

  @Field(() => AudienceMembershipChangeKind, { description: "What happened." })
  kind: AudienceMembershipChangeKind;

  @Field(() => ID, { description: "Whose membership; the id at that time." })
  personId: string;

  @Field(() => Int, { description: "Version of the audience that decided so." })
  version: number;

  @Field(() => PersonType, { nullable: true, description: "The person." })
  person: PersonType | null;
}

/** An entry of stream `memberships` as the schema shows it. */
function toChange(entry: StreamEntry): AudienceMembershipChangeType {
  const change = entry.payload as MembershipChange;
  return {
    audienceName: change.audience,
    cursor: cursorOf("memberships", entry.position),
    occurredAt: new Date(change.occurredAt),
    kind: change.kind as AudienceMembershipChangeKind,
    personId: change.personId,
    version: change.version,
    person: { id: change.personId },
  };
}

interface SubscriptionArguments {
  audiences?: string[] | null;
  after?: string | null;
}

function follow(streams: Streams, { audiences, after }: SubscriptionArguments) {
  if (audiences && audiences.length > audiencesMax) {
    throw new DomainError(
      "BAD_INPUT",
      `At most ${audiencesMax} audiences can be followed at once.`,
    );
  }
  const wanted = audiences ? new Set(audiences) : null;
  return streams.subscribe("memberships", {
    after,
    ...(wanted && {
      filter: (entry: StreamEntry) => wanted.has((entry.payload as MembershipChange).audience),
    }),
  });
}

/**
 * The resolver of the subscription; a subscription names its stream before an instance is at hand.
 */
export function membershipSubscription(streams: Streams): object {
  @Resolver(() => AudienceMembershipChangeType)
  class MembershipSubscription {
    @Subscription(() => AudienceMembershipChangeType, {
      description:
        "Entries and exits in the order in which they became true. Resumes after a cursor without loss.",
      subscribe: ({ args, context }) => {
        (context as RequestContext).authorise("profiles:read");
        return follow(streams, args as SubscriptionArguments);
      },
    })
    @requires("profiles:read")
    audienceMembershipChanged(
      @Root() entry: StreamEntry,
      @Arg("audiences", () => [String], {
        nullable: true,
        description: "Only these audiences, 100 at most; absent: all.",
      })
      _audiences: string[] | null,
      @Arg("after", () => Cursor, {
        nullable: true,
        description: 'Cursor to go on from; "0": from the beginning; absent: from now on.',
      })
      _after: string | null,
    ): AudienceMembershipChangeType {
      return toChange(entry);
    }
  }
  return new MembershipSubscription();
}

/** The audience of a change, batched. */
@Resolver(() => AudienceMembershipChangeType)
export class MembershipChangeFields {
  private readonly reading: AudienceReading;

  constructor(reading: AudienceReading) {
    this.reading = reading;
  }

  @FieldResolver(() => AudienceType, {
    nullable: true,
    description: "The audience, as it is now.",
  })
  async audience(
    @Root() change: AudienceMembershipChangeType,
    @Ctx() context: RequestContext,
  ): Promise<AudienceType | null> {
    const audience = await audienceLoader(context, this.reading).load(change.audienceName);
    return audience && toAudienceType(audience, activeVersionOf(audience));
  }
}
