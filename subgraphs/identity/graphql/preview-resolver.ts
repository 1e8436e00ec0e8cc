import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { IdentifierInput } from "../../../kernel/federation/identifier-ref.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { Previews } from "../service/previews.ts";
import {
  MergePreviewType,
  SplitPreviewType,
  toMergePreview,
  toSplitPreview,
} from "./preview-types.ts";

/** Looks before a steward leaps. */
@Resolver()
export class PreviewResolver {
  private readonly previews: Previews;

  constructor(previews: Previews) {
    this.previews = previews;
  }

  @Query(() => MergePreviewType, {
    description: "What `mergePersons` would do with these persons now. Changes nothing.",
  })
  @requires("profiles:read")
  async previewMerge(
    @Arg("into", () => ID, { description: "The person that would keep its id." }) into: string,
    @Arg("from", () => [ID], { description: "The persons merged into it, 1 to 50." })
    from: string[],
    @Ctx() context: RequestContext,
  ): Promise<MergePreviewType> {
    context.authorise("profiles:read");
    return toMergePreview(await this.previews.merge({ into, from }), context);
  }

  @Query(() => SplitPreviewType, {
    description: "What `splitPerson` would do with this person now. Changes nothing.",
  })
  @requires("profiles:read")
  async previewSplit(
    @Arg("person", () => ID, { description: "The person." }) person: string,
    @Ctx() context: RequestContext,
    @Arg("identifiers", () => [IdentifierInput], {
      nullable: true,
      description: "Those of its identifiers that would leave. Or name `before`.",
    })
    identifiers?: IdentifierInput[] | null,
    @Arg("before", () => ID, {
      nullable: true,
      description: "In place of identifiers, the change that brought what would leave.",
    })
    before?: string | null,
  ): Promise<SplitPreviewType> {
    context.authorise("profiles:read");
    return toSplitPreview(await this.previews.split({ person, identifiers, before }), context);
  }
}
