import { Directive, Field, Float, InputType, Int, registerEnumType } from "type-graphql";
import { Duration, Json } from "../../../kernel/federation/scalars.ts";

export enum AudienceEventType {
  TRACK = "TRACK",
  PAGE = "PAGE",
  SCREEN = "SCREEN",
}

registerEnumType(AudienceEventType, {
  name: "AudienceEventType",
  description: "Which calls an event condition counts.",
  valuesConfig: {
    TRACK: { description: "Track calls, by their event name" },
    PAGE: { description: "Page calls; with a name, those of that page" },
    SCREEN: { description: "Screen calls; with a name, those of that screen" },
  },
});

@InputType("AudienceValueCondition", {
  description:
    "A test of one value, exactly one operator. Types matter: the text `5` is not the number 5. An absent " +
    "value (or null) meets only `exists: false`, `notEquals` and `notIn`.",
})
@Directive("@oneOf")
export class AudienceValueCondition {
  @Field(() => Json, { nullable: true, description: "Is this text, number or boolean." })
  equals?: unknown;

  @Field(() => Json, { nullable: true, description: "The opposite of `equals`." })
  notEquals?: unknown;

  @Field(() => [Json], { nullable: true, description: "Is one of these; at most 1,000." })
  in?: unknown[];

  @Field(() => [Json], { nullable: true, description: "The opposite of `in`." })
  notIn?: unknown[];

  @Field(() => Float, { nullable: true, description: "Is a number greater than this." })
  greaterThan?: number;

  @Field(() => Float, { nullable: true, description: "Is a number, this or greater." })
  atLeast?: number;

  @Field(() => Float, { nullable: true, description: "Is a number less than this." })
  lessThan?: number;

  @Field(() => Float, { nullable: true, description: "Is a number, this or less." })
  atMost?: number;

  @Field(() => Json, {
    nullable: true,
    description: "A text with this in it, or a list with this entry.",
  })
  contains?: unknown;

  @Field(() => String, { nullable: true, description: "A text that begins so; case matters." })
  startsWith?: string;

  @Field(() => String, {
    nullable: true,
    description: "An ISO 8601 date or instant before this one.",
  })
  before?: string;

  @Field(() => String, {
    nullable: true,
    description: "An ISO 8601 date or instant after this one.",
  })
  after?: string;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether there is a value other than null.",
  })
  exists?: boolean;
}

@InputType("AudiencePropertyCondition", { description: "A test of a property of an event." })
export class AudiencePropertyCondition {
  @Field(() => String, {
    description:
      "Path in the properties, dotted: `order.total`. Lists on the way are searched: `items.sku` is the sku " +
      "of any item; `items.0.sku` of the first.",
  })
  property: string;

  @Field(() => AudienceValueCondition, { description: "The test." })
  is: AudienceValueCondition;
}

@InputType("AudienceEventCount", {
  description: "How often, 0–1,000: `atLeast`, `atMost`, both, or `exactly` alone.",
})
export class AudienceEventCount {
  @Field(() => Int, { nullable: true, description: "So often or more." })
  atLeast?: number;

  @Field(() => Int, { nullable: true, description: "So often or less; 0 times counts." })
  atMost?: number;

  @Field(() => Int, { nullable: true, description: "Just so often." })
  exactly?: number;
}

@InputType("AudienceEventCondition", {
  description: "Did something so often, within a window that ends now.",
})
export class AudienceEventCondition {
  @Field(() => String, {
    nullable: true,
    description: "Name of the event; for pages and screens optional (any of them).",
  })
  name?: string;

  @Field(() => AudienceEventType, { nullable: true, description: "Default TRACK." })
  type?: AudienceEventType;

  @Field(() => AudienceEventCount, { nullable: true, description: "Default at least once." })
  count?: AudienceEventCount;

  @Field(() => Duration, {
    nullable: true,
    description:
      "Only events of that long ago or less: an event at t counts before t + within, at that very instant " +
      "no longer. Absent: ever.",
  })
  within?: string;

  @Field(() => [AudiencePropertyCondition], {
    nullable: true,
    description: "Only events whose properties meet all of these (1–20).",
  })
  where?: AudiencePropertyCondition[];
}

@InputType("AudienceTraitCondition", { description: "A test of a trait of the person." })
export class AudienceTraitCondition {
  @Field(() => String, { description: "Name of the trait." })
  name: string;

  @Field(() => AudienceValueCondition, { description: "The test." })
  is: AudienceValueCondition;
}

@InputType("AudienceRule", {
  description:
    "Who belongs to an audience: a tree of conditions, exactly one field at each node. At most 8 levels and " +
    "100 nodes.",
})
@Directive("@oneOf")
export class AudienceRuleInput {
  @Field(() => [AudienceRuleInput], { nullable: true, description: "Every one of these holds." })
  all?: unknown[];

  @Field(() => [AudienceRuleInput], { nullable: true, description: "One of these holds, or more." })
  any?: unknown[];

  @Field(() => AudienceRuleInput, { nullable: true, description: "This does not hold." })
  not?: unknown;

  @Field(() => AudienceEventCondition, { nullable: true, description: "Events that were counted." })
  event?: AudienceEventCondition;

  @Field(() => AudienceTraitCondition, { nullable: true, description: "A trait of the person." })
  trait?: AudienceTraitCondition;
}
