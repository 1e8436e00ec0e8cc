import { Arg, Ctx, ID, Mutation, Query, Resolver } from "type-graphql";
import { problem } from "../../../kernel/errors/problem.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { Erasing } from "../service/erasing.ts";
import { EraseInput, ErasePayload, ErasureType, toErasureType } from "./erasure-types.ts";

const reasonCharactersMax = 1_000;

/** The right to be forgotten. */
@Resolver()
export class ErasureResolver {
  private readonly erasing: Erasing;

  constructor(erasing: Erasing) {
    this.erasing = erasing;
  }

  @Mutation(() => ErasePayload, {
    description:
      "Removes all personal data of a person, or of one identifier, from every store, in the " +
      "background. What it bridged comes apart, and what is older does not come back.",
  })
  @requires("privacy:write")
  async erase(
    @Arg("input", () => EraseInput, { description: "Whom, and why." }) input: EraseInput,
    @Ctx() context: RequestContext,
  ): Promise<ErasePayload> {
    context.authorise("privacy:write");
    const reason = input.reason.trim();
    const isStorable = reason.isWellFormed() && !reason.includes("\u0000");
    if (reason === "" || reason.length > reasonCharactersMax || !isStorable) {
      const message = `A reason has 1 to ${reasonCharactersMax} characters.`;
      return { erasure: null, problems: [problem("REASON_INVALID", message, ["reason"])] };
    }
    const { person, identifier } = input.subject;
    if (!person === !identifier) {
      const message = "Name a person or an identifier, one of the two.";
      return { erasure: null, problems: [problem("EXACTLY_ONE", message, ["subject"])] };
    }
    const { erasure, problems } = await this.erasing.erase(input.subject, {
      id: context.principal.id,
      reason,
    });
    return { erasure: erasure && toErasureType(erasure, context), problems };
  }

  @Query(() => ErasureType, {
    nullable: true,
    description: "An erasure and how far it is; null when there is none of that id.",
  })
  @requires("privacy:write")
  async erasure(
    @Arg("id", () => ID, { description: "Id of the erasure." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<ErasureType | null> {
    context.authorise("privacy:write");
    if (id.includes("\0")) return null;
    const found = await this.erasing.byId(id);
    return found && toErasureType(found, context);
  }
}
