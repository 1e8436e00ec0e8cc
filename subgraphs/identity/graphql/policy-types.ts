import { Field, Float, Int, ObjectType } from "type-graphql";
import type { IdentityPolicy } from "../domain/identity-policy.ts";
import { IdentifierKindEnum } from "./enums.ts";

@ObjectType("NamespacePolicy", { description: "How identifiers of one namespace are used." })
export class NamespacePolicyType {
  @Field(() => String, { description: "Name of the namespace." })
  name: string;

  @Field(() => IdentifierKindEnum, { description: "What its identifiers stand for." })
  kind: IdentifierKindEnum;

  @Field(() => Int, { description: "1 is the strongest." })
  priority: number;

  @Field(() => Boolean, {
    description: "Two values of it are two persons, unless a human or an alias says otherwise.",
  })
  exclusive: boolean;

  @Field(() => Int, {
    nullable: true,
    description: "Values one person may have; null: any number.",
  })
  limit: number | null;

  @Field(() => String, {
    description: "How values are normalised: TRIM, LOWERCASE, EMAIL, PHONE, EXACT.",
  })
  normaliser: string;

  @Field(() => [String], {
    description:
      "Values that identify nobody; `*` stands for any text. Quotes and case do not matter.",
  })
  blockedValues: string[];

  @Field(() => Float, { description: "How sure a tie to such an identifier is, 0 to 1." })
  confidence: number;
}

@ObjectType("IdentityPolicy", {
  description: "What decides, with the evidence, who is one person.",
})
export class IdentityPolicyType {
  @Field(() => Int, { description: "Version in force." })
  version: number;

  @Field(() => [NamespacePolicyType], { description: "The namespaces, strongest first." })
  namespaces: NamespacePolicyType[];

  @Field(() => [String], { description: "Values that identify nobody in any namespace." })
  blockedValues: string[];

  @Field(() => Float, { description: "Confidence from which evidence joins." })
  highFrom: number;

  @Field(() => Float, { description: "Confidence from which evidence waits for a review." })
  mediumFrom: number;

  @Field(() => Int, {
    description:
      "An identifier seen with more identifiers of persons than this is generic and joins nobody.",
  })
  genericAbove: number;
}

export function toPolicyType(policy: IdentityPolicy): IdentityPolicyType {
  const { version, blockedValues, highFrom, mediumFrom, genericAbove } = policy;
  return {
    version,
    blockedValues: [...blockedValues],
    highFrom,
    mediumFrom,
    genericAbove,
    namespaces: policy.namespaces.map((namespace) => ({
      ...namespace,
      kind: namespace.kind as IdentifierKindEnum,
      blockedValues: [...namespace.blockedValues],
    })),
  };
}
