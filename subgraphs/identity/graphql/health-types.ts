import { Field, Float, Int, ObjectType } from "type-graphql";
import { DateTime } from "../../../kernel/federation/scalars.ts";

@ObjectType("ComponentSizes", { description: "Persons of a class of sizes." })
export class ComponentSizesType {
  @Field(() => Int, {
    nullable: true,
    description:
      "They have at most so many identifiers, and more than the class before; null: any.",
  })
  atMost: number | null;

  @Field(() => Int, { description: "How many persons." })
  count: number;
}

@ObjectType("NamespaceCoverage", { description: "How far one namespace reaches." })
export class NamespaceCoverageType {
  @Field(() => String, { description: "Name of the namespace." })
  namespace: string;

  @Field(() => Float, { description: "Share of the persons that have such an identifier, 0 to 1." })
  share: number;
}

@ObjectType("FalseMergeEstimate", {
  description:
    "Share of the model's matches that are wrong, told from a sample that humans looked at.",
})
export class FalseMergeEstimateType {
  @Field(() => Float, { description: "Share found wrong, 0 to 1." })
  share: number;

  @Field(() => Float, { description: "Lower end of its 95 % interval (Wilson)." })
  low: number;

  @Field(() => Float, { description: "Upper end of its 95 % interval." })
  high: number;

  @Field(() => Int, { description: "How many were looked at." })
  sampled: number;
}

@ObjectType("IdentityHealth", {
  description: "The identity graph in numbers; counted at most once a minute.",
})
export class IdentityHealthType {
  @Field(() => Int, { description: "Living persons." })
  persons: number;

  @Field(() => Int, { description: "Identifiers that were seen." })
  identifiers: number;

  @Field(() => [ComponentSizesType], { description: "Persons by how many identifiers they have." })
  componentSizes: ComponentSizesType[];

  @Field(() => Float, { description: "Merges a day, on average of the last 30 days." })
  mergesPerDay: number;

  @Field(() => Float, { description: "Splits a day, on average of the last 30 days." })
  splitsPerDay: number;

  @Field(() => [NamespaceCoverageType], { description: "By namespace, those that are in use." })
  coverage: NamespaceCoverageType[];

  @Field(() => DateTime, {
    nullable: true,
    description: "When the oldest open review item came in; null: none waits.",
  })
  reviewOldestAt: Date | null;

  @Field(() => FalseMergeEstimateType, {
    nullable: true,
    description: "Null: nobody has looked at a sample yet (reviewQueue, cause SAMPLE).",
  })
  falseMergeEstimate: FalseMergeEstimateType | null;
}
