import { maskFreeText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import { DateTime, Duration, Json } from "../../../kernel/federation/scalars.ts";
import type { PolicyVersion } from "../store/policies.ts";
import { IdentifierKindEnum } from "./enums.ts";
import { PolicyStateEnum } from "./policy-enums.ts";

@ObjectType("NamespacePolicy", {
  description: "How identifiers of one namespace are used.",
})
export class NamespacePolicyType {
  @Field(() => String, { description: "Name of the namespace." })
  name: string;

  @Field(() => IdentifierKindEnum, {
    description: "What its identifiers stand for.",
  })
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

  @Field(() => Duration, {
    nullable: true,
    description:
      "The limit holds for values first seen within so long of each other (event time); null: for " +
      "ever.",
  })
  limitWithin: string | null;

  @Field(() => String, {
    description: "How values are normalised: TRIM, LOWERCASE, EMAIL, PHONE, EXACT.",
  })
  normaliser: string;

  @Field(() => [String], {
    description:
      "Values that identify nobody; `*` stands for any text. Quotes and case do not matter.",
  })
  blockedValues: string[];

  @Field(() => Float, {
    description: "How sure a tie to such an identifier is, 0 to 1.",
  })
  confidence: number;
}

@ObjectType("IdentityPolicy", {
  description: "What decides, with the evidence, who is one person: one version of it.",
})
export class IdentityPolicyType {
  /** What the fields are answered from. */
  source: PolicyVersion;

  @Field(() => Int, { description: "Number of the version." })
  version: number;

  @Field(() => PolicyStateEnum, { description: "How far it has come." })
  state: PolicyStateEnum;

  @Field(() => ID, { description: "Who proposed it." })
  owner: string;

  @Field(() => ID, {
    nullable: true,
    description: "Who approved or rejected it, if somebody did.",
  })
  approvedBy: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "The version it was made from.",
  })
  base: number | null;

  @Field(() => String, {
    nullable: true,
    description: "Why, in the owner's words.",
  })
  reason: string | null;

  @Field(() => DateTime, { description: "When it was proposed." })
  proposedAt: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was approved or rejected.",
  })
  approvedAt: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was last put in force.",
  })
  activatedAt: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "When another one took its place.",
  })
  retiredAt: Date | null;

  @Field(() => [NamespacePolicyType], {
    description: "The namespaces, strongest first.",
  })
  namespaces: NamespacePolicyType[];

  @Field(() => [String], {
    description: "Values that identify nobody in any namespace.",
  })
  blockedValues: string[];

  @Field(() => Float, { description: "Confidence from which evidence joins." })
  highFrom: number;

  @Field(() => Float, {
    description: "Confidence from which evidence waits for a review.",
  })
  mediumFrom: number;

  @Field(() => Int, {
    description:
      "An identifier seen with more identifiers of persons than this is generic and joins nobody.",
  })
  genericAbove: number;

  @Field(() => Int, {
    description:
      "Ties that may hang together; beyond it the most claimed values become generic until it fits.",
  })
  componentEdgesMax: number;

  @Field(() => String, {
    nullable: true,
    description: "Country of phone numbers without a country code; null: they are not read.",
  })
  phoneRegion: string | null;

  @Field(() => Json, {
    description: "Sources that own a trait, the strongest first, by name of the trait.",
  })
  traitOwners: unknown;
}

const dateOf = (at: string | null) => (at === null ? null : new Date(at));

export function toPolicyType(source: PolicyVersion, context: RequestContext): IdentityPolicyType {
  const { policy, version, state, owner, approvedBy, base, reason } = source;
  const { highFrom, mediumFrom, genericAbove, componentEdgesMax, phoneRegion } = policy;
  return {
    source,
    version,
    state: state as PolicyStateEnum,
    owner,
    approvedBy,
    base,
    reason: maskFreeText(context, reason),
    proposedAt: new Date(source.proposedAt),
    approvedAt: dateOf(source.approvedAt),
    activatedAt: dateOf(source.activatedAt),
    retiredAt: dateOf(source.retiredAt),
    blockedValues: [...policy.blockedValues],
    highFrom,
    mediumFrom,
    genericAbove,
    componentEdgesMax,
    phoneRegion,
    traitOwners: policy.traitOwners,
    namespaces: policy.namespaces.map((namespace) => ({
      ...namespace,
      kind: namespace.kind as IdentifierKindEnum,
      blockedValues: [...namespace.blockedValues],
    })),
  };
}
