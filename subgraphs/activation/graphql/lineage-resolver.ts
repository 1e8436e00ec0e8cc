import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import type { ChangeKinds } from "../service/change-kinds.ts";
import { LineageIdentityChangeType } from "./lineage-type.ts";

/** What the chain of a delivery does not remember itself. */
@Resolver(() => LineageIdentityChangeType)
export class LineageResolver {
  private readonly kinds: ChangeKinds;

  constructor(kinds: ChangeKinds) {
    this.kinds = kinds;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "CREATE, LINK, MERGE, SPLIT, UNLINK or ERASE.",
  })
  kind(
    @Root() change: LineageIdentityChangeType,
    @Ctx() context: RequestContext,
  ): Promise<string | null> | string {
    if (change.remembered !== null) return change.remembered;
    const loader = context.loader<string, string | null>("activation.changeKinds", (ids) =>
      this.kinds.of(ids),
    );
    return loader.load(change.id);
  }
}
