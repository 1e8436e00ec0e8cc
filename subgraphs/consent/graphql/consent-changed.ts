import { Arg, Ctx, Resolver, Root, Subscription } from "type-graphql";
import type { ConsentChange } from "../../../kernel/announcements/consent-change.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Cursor } from "../../../kernel/federation/scalars.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import { purposeKey } from "../domain/consent-policy.ts";
import { ConsentChangeType } from "./consent-types.ts";
import { toConsentChange } from "./to-graphql.ts";

interface ChangedArguments {
  after?: string | null;
  purposes?: string[] | null;
}

/** The resolver of `consentChanged` over these streams. */
export function consentChangedResolver(streams: Streams): object {
  @Resolver()
  class ConsentChangedResolver {
    @Subscription(() => ConsentChangeType, {
      description: "Changes to what may be done with somebody, in order, from a cursor on.",
      subscribe: ({ args, context }) => subscribe(streams, args, context as RequestContext),
    })
    @requires("profiles:read")
    consentChanged(
      @Root() entry: StreamEntry,
      @Ctx() context: RequestContext,
      @Arg("after", () => Cursor, { nullable: true, description: "Cursor; omitted: from now on." })
      _after?: string,
      @Arg("purposes", () => [String], {
        nullable: true,
        description: "Only of these purposes (and what concerns every one); omitted: all.",
      })
      _purposes?: string[],
    ): ConsentChangeType {
      return toConsentChange(context, entry);
    }
  }
  return new ConsentChangedResolver();
}

function subscribe(streams: Streams, args: ChangedArguments, context: RequestContext) {
  context.authorise("profiles:read");
  const { after, purposes } = args;
  const wanted = purposes ? new Set(purposes.map(purposeKey)) : null;
  const filter = ({ payload }: StreamEntry) => {
    const { purpose } = payload as ConsentChange;
    return wanted === null || purpose === null || wanted.has(purposeKey(purpose));
  };
  return streams.subscribe("consent", { after, filter });
}
