import { Arg, Ctx, Query, registerEnumType, Resolver } from "type-graphql";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { requires } from "../../kernel/federation/requires.ts";
import { Cursor } from "../../kernel/federation/scalars.ts";
import { cursorOf } from "../../kernel/streams/cursor.ts";
import type { StreamName } from "../../kernel/streams/stream.ts";
import { Streams } from "../../kernel/streams/streams.ts";

export enum ChangeStream {
  PROFILE = "PROFILE",
  IDENTITY = "IDENTITY",
  AUDIENCE_MEMBERSHIP = "AUDIENCE_MEMBERSHIP",
  CONSENT = "CONSENT",
  DELIVERY_STATUS = "DELIVERY_STATUS",
}

registerEnumType(ChangeStream, {
  name: "ChangeStream",
  description: "A stream of changes to which a subscription belongs.",
  valuesConfig: {
    PROFILE: { description: "What `profileChanged` reads." },
    IDENTITY: { description: "What `identityChanged` reads." },
    AUDIENCE_MEMBERSHIP: { description: "What `audienceMembershipChanged` reads." },
    CONSENT: { description: "What `consentChanged` reads." },
    DELIVERY_STATUS: { description: "What `deliveryStatusChanged` reads." },
  },
});

/** Profile and identity changes stand in one stream, in one order. */
const streamOf: Record<ChangeStream, StreamName> = {
  [ChangeStream.PROFILE]: "identity",
  [ChangeStream.IDENTITY]: "identity",
  [ChangeStream.AUDIENCE_MEMBERSHIP]: "memberships",
  [ChangeStream.CONSENT]: "consent",
  [ChangeStream.DELIVERY_STATUS]: "deliveries",
};

@Resolver()
export class StreamHeadResolver {
  private readonly streams: Streams;

  constructor(streams: Streams) {
    this.streams = streams;
  }

  @Query(() => Cursor, {
    description:
      "The present end of a stream: subscribe after it to get what comes from now on. A subscription that is still " +
      "unbroken a day later has delivered everything up to it: a newer cursor for who follows with a filter that " +
      "lets little through.",
  })
  @requires("profiles:read")
  async streamHead(
    @Ctx() context: RequestContext,
    @Arg("stream", () => ChangeStream, { description: "Which stream." }) stream: ChangeStream,
  ): Promise<string> {
    context.authorise("profiles:read");
    const name = streamOf[stream];
    return cursorOf(name, await this.streams.head(name));
  }
}
