import { Field, Float, ID, ObjectType } from "type-graphql";
import { IdentifierRefType } from "../../../kernel/federation/identifier-ref.ts";
import { maskText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import type { Explanation, PathStep } from "../domain/explain.ts";
import type { Identifier } from "../domain/normalise-identifier.ts";
import { BandEnum, EvidenceMethodEnum } from "./enums.ts";
import { SourceRef, sourceRef } from "./reference-types.ts";

@ObjectType("IdentityPathStep", {
  description: "One tie on the way from one identifier to another.",
})
export class IdentityPathStepType {
  @Field(() => IdentifierRefType, { description: "The nearer identifier." })
  from: IdentifierRefType;

  @Field(() => IdentifierRefType, { description: "The further identifier." })
  to: IdentifierRefType;

  @Field(() => String, { description: "The rule that tied them." })
  rule: string;

  @Field(() => EvidenceMethodEnum, { description: "How it is known." })
  method: EvidenceMethodEnum;

  @Field(() => Float, { description: "How sure this tie is, 0 to 1." })
  confidence: number;

  @Field(() => DateTime, { description: "Event time of the first observation." })
  firstSeenAt: Date;

  @Field(() => DateTime, { description: "Event time of the last observation." })
  lastSeenAt: Date;

  @Field(() => [SourceRef], { description: "Sources that observed it." })
  sources: SourceRef[];

  @Field(() => [ID], { description: "The first events that showed it, 5 at most." })
  messageIds: string[];
}

@ObjectType("IdentityRefusal", { description: "What keeps two identifiers apart." })
export class IdentityRefusalType {
  @Field(() => String, {
    description:
      "EXCLUSIVE_NAMESPACE, NAMESPACE_LIMIT, SHARED_DEVICE, CANNOT_LINK, GENERIC_VALUE, LOW_CONFIDENCE, " +
      "NO_EVIDENCE, UNKNOWN_IDENTIFIER, UNKNOWN_NAMESPACE, BLOCKED_VALUE or MALFORMED_VALUE.",
  })
  constraint: string;

  @Field(() => String, { description: "The same in words." })
  message: string;
}

@ObjectType("IdentityExplanation", { description: "Why two identifiers are one person, or two." })
export class IdentityExplanationType {
  @Field(() => Boolean, { description: "Whether they are one person." })
  samePerson: boolean;

  @Field(() => Float, {
    nullable: true,
    description: "The weakest tie on the strongest path; null for two persons.",
  })
  confidence: number | null;

  @Field(() => BandEnum, { nullable: true, description: "Band of that confidence." })
  band: BandEnum | null;

  @Field(() => [IdentityPathStepType], {
    description: "The strongest path; empty for two persons.",
  })
  path: IdentityPathStepType[];

  @Field(() => [IdentityRefusalType], { description: "What keeps them two; empty for one." })
  refusals: IdentityRefusalType[];
}

export function toExplanationType(
  { samePerson, confidence, path, refusals }: Explanation,
  band: BandEnum | null,
  context: RequestContext,
): IdentityExplanationType {
  return {
    samePerson,
    confidence,
    band,
    path: path.map((step) => toStepType(step, context)),
    refusals,
  };
}

function toStepType(
  { from, to, evidence }: PathStep,
  context: RequestContext,
): IdentityPathStepType {
  const refOf = ({ namespace, value }: Identifier) => ({
    namespace,
    value: maskText(context, value),
  });
  return {
    from: refOf(from),
    to: refOf(to),
    rule: evidence.rule,
    method: evidence.method as EvidenceMethodEnum,
    confidence: evidence.confidence,
    firstSeenAt: new Date(evidence.firstSeenAt),
    lastSeenAt: new Date(evidence.lastSeenAt),
    sources: evidence.sources.map(sourceRef),
    messageIds: evidence.messages.map(({ messageId }) => messageId),
  };
}
