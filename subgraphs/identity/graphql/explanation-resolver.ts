import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { IdentifierInput } from "../../../kernel/federation/identifier-ref.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { Explanations } from "../service/explanations.ts";
import type { Profiles } from "../service/profiles.ts";
import type { BandEnum } from "./enums.ts";
import { IdentityExplanationType, toExplanationType } from "./explanation-types.ts";

/** Why somebody is who he is. */
@Resolver()
export class ExplanationResolver {
  private readonly explanations: Explanations;
  private readonly profiles: Profiles;

  constructor(explanations: Explanations, profiles: Profiles) {
    this.explanations = explanations;
    this.profiles = profiles;
  }

  @Query(() => IdentityExplanationType, {
    description:
      "Why two identifiers are one person: the path with its events. Or what keeps them two.",
  })
  @requires("profiles:read")
  async explainIdentity(
    @Arg("left", () => IdentifierInput, { description: "One identifier." }) left: IdentifierInput,
    @Arg("right", () => IdentifierInput, { description: "The other one." }) right: IdentifierInput,
    @Ctx() context: RequestContext,
  ): Promise<IdentityExplanationType> {
    context.authorise("profiles:read");
    const explanation = await this.explanations.explain(left, right);
    const { confidence } = explanation;
    const band = confidence === null ? null : (this.profiles.bandOf(confidence) as BandEnum);
    return toExplanationType(explanation, band, context);
  }
}
