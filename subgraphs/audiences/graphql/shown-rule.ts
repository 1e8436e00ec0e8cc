import { Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import { maskFreeText } from "../../../kernel/federation/mask.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { Json } from "../../../kernel/federation/scalars.ts";
import { AudienceVersionType } from "./audience-types.ts";

/** The operators that name values as they stand on persons; bounds are about nobody. */
const naming = new Set(["equals", "notEquals", "in", "notIn", "contains", "startsWith"]);

@Resolver(() => AudienceVersionType)
export class ShownRuleResolver {
  @FieldResolver(() => Json, {
    description:
      "The rule, in the shape of `AudienceRule`. Without `pii:read` the e-mail addresses and long " +
      "numbers among the values it names are masked.",
  })
  rule(@Root() version: AudienceVersionType, @Ctx() context: RequestContext): unknown {
    return context.may("pii:read") ? version.rule : shown(version.rule, context, false);
  }
}

function shown(part: unknown, context: RequestContext, isNamed: boolean): unknown {
  if (typeof part === "string") return isNamed ? maskFreeText(context, part) : part;
  if (Array.isArray(part)) return part.map((each) => shown(each, context, isNamed));
  if (typeof part !== "object" || part === null) return part;
  const parts = Object.entries(part).map(([name, each]) => {
    return [name, shown(each, context, naming.has(name))] as const;
  });
  return Object.fromEntries(parts);
}
