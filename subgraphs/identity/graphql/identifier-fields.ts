import { Ctx, FieldResolver, Float, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import type { Profiles } from "../service/profiles.ts";
import { BandEnum } from "./enums.ts";
import { IdentifierType } from "./identifier-type.ts";

/** How sure an identifier belongs to its person; read only where it is asked for. */
@Resolver(() => IdentifierType)
export class IdentifierFields {
  private readonly profiles: Profiles;

  constructor(profiles: Profiles) {
    this.profiles = profiles;
  }

  @FieldResolver(() => Float, {
    description: "Weakest tie on the strongest path to the person's strongest identifier, 0 to 1.",
  })
  confidence(@Root() identifier: IdentifierType, @Ctx() context: RequestContext): Promise<number> {
    return this.sureness(identifier, context);
  }

  @FieldResolver(() => BandEnum, { description: "How far that confidence is acted upon." })
  async band(
    @Root() identifier: IdentifierType,
    @Ctx() context: RequestContext,
  ): Promise<BandEnum> {
    return this.profiles.bandOf(await this.sureness(identifier, context)) as BandEnum;
  }

  private async sureness(
    { known, pastConfidence }: IdentifierType,
    context: RequestContext,
  ): Promise<number> {
    if (pastConfidence !== null) return pastConfidence;
    if (known.personId === null) return 1;
    const loader = context.loader<string, Map<string, number>>("confidences", async (ids) => {
      const found = await this.profiles.confidences(ids);
      return ids.map((id) => found.get(id) ?? new Map());
    });
    // Human word alone ties it: nothing is surer.
    return (await loader.load(known.personId)).get(known.key) ?? 1;
  }
}
