import { Arg, Ctx, Directive, Field, ObjectType, Query, Resolver } from "type-graphql";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { SyncService } from "../service/sync-service.ts";

const audiencesMax = 1_000;

@ObjectType("AudienceBinding", { description: "A sync that follows an audience." })
@Directive("@inaccessible")
export class AudienceBinding {
  @Field(() => String, { description: "Name of the audience." })
  audience: string;

  @Field(() => String, { description: "Name of the sync." })
  sync: string;

  @Field(() => String, { description: "Name of the destination that the sync sends to." })
  destination: string;
}

/** What other subgraphs ask before they change who is in an audience. */
@Resolver()
export class AudienceBindingResolver {
  private readonly syncs: SyncService;

  constructor(syncs: SyncService) {
    this.syncs = syncs;
  }

  @Query(() => [AudienceBinding], {
    description: "The syncs, paused ones too, that follow these audiences. For other subgraphs.",
  })
  @requires("profiles:read")
  @Directive("@inaccessible")
  async audienceBindings(
    @Arg("audiences", () => [String], { description: "Names of audiences, at most 1,000." })
    audiences: string[],
    @Ctx() context: RequestContext,
  ): Promise<AudienceBinding[]> {
    context.authorise("profiles:read");
    if (audiences.length > audiencesMax) {
      throw new DomainError("BAD_INPUT", `At most ${audiencesMax} audiences.`);
    }
    const syncs = await this.syncs.ofAudiences(audiences);
    return syncs.map(({ name, audience, destination }) => ({
      audience: audience!,
      sync: name,
      destination,
    }));
  }
}
