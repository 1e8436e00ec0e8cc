import { Arg, Ctx, Query, Resolver } from "type-graphql";
import { maskJson } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Json } from "../../../kernel/federation/scalars.ts";
import type { Exports } from "../service/exports.ts";
import { PersonBy } from "./person-inputs.ts";

/** The right to know. */
@Resolver()
export class ExportResolver {
  private readonly exports: Exports;

  constructor(exports: Exports) {
    this.exports = exports;
  }

  @Query(() => Json, {
    nullable: true,
    description:
      "Everything that is known about a person, with where it came from: identifiers, evidence, " +
      "facts and their past, records, devices, accounts, decisions, audit, events, consent, " +
      "audiences, assignments, deliveries. Null when there is nobody. That it was asked for is noted. " +
      "Texts and numbers are masked without the scope `pii:read`.",
  })
  @requires("privacy:write")
  async exportPerson(
    @Arg("by", () => PersonBy, { description: "Id or identifier." }) by: PersonBy,
    @Ctx() context: RequestContext,
  ): Promise<Record<string, unknown> | null> {
    context.authorise("privacy:write");
    const told = await this.exports.person(by, context.principal.id);
    if (told === null || context.may("pii:read")) return told;
    const { exportedAt, isComplete, person } = told;
    const masked = maskJson(context, told) as Record<string, unknown>;
    return { ...masked, exportedAt, isComplete, person };
  }
}
