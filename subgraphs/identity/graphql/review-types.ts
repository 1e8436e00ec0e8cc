import { maskFreeText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import type { ReviewQuestion } from "../store/review-listing.ts";
import { IdentityChangeType } from "./change-types.ts";
import { AudienceRef, DestinationRef, SourceRef, sourceRef } from "./reference-types.ts";
import { ReviewCauseEnum, ReviewStateEnum, ReviewVerdictEnum } from "./review-enums.ts";

@ObjectType("ReviewWeight", { description: "What one field of two records says." })
export class ReviewWeightType {
  @Field(() => String, { description: "The field, such as `FAMILY_NAME`." })
  field: string;

  @Field(() => String, { description: "How it compares, such as `EXACT` or `DIFFERENT`." })
  outcome: string;

  @Field(() => Float, {
    description: "Evidence in bits: for one person when positive, against it when negative.",
  })
  weightBits: number;
}

@ObjectType("ReviewSide", { description: "One of the two who may be one person." })
export class ReviewSideType {
  /** What the fields are answered from. */
  keys: readonly string[];
}

@ObjectType("ReviewConsequences", { description: "What would change if they were one person." })
export class ReviewConsequencesType {
  @Field(() => Int, { description: "Persons that would not stay as they are." })
  persons: number;

  @Field(() => [AudienceRef], { description: "Audiences that one of them would enter or leave." })
  audiences: AudienceRef[];

  @Field(() => [DestinationRef], { description: "Destinations that would be told of it." })
  destinations: DestinationRef[];
}

@ObjectType("ReviewItem", { description: "A question that a human has to answer." })
export class ReviewItemType {
  /** What the fields are answered from. */
  question: ReviewQuestion;

  @Field(() => ID, { description: "Id of the item." })
  id: string;

  @Field(() => ReviewCauseEnum, { description: "Why somebody has to look." })
  cause: ReviewCauseEnum;

  @Field(() => Float, {
    nullable: true,
    description: "How probable it is that they are one person; null where no model was asked.",
  })
  probability: number | null;

  @Field(() => DateTime, { description: "When it came into the queue." })
  createdAt: Date;

  @Field(() => DateTime, {
    description: "Its place in the queue: when it came in, or was put off to.",
  })
  dueAt: Date;

  @Field(() => String, { nullable: true, description: "Who is to look at it." })
  assignee: string | null;

  @Field(() => ReviewStateEnum, { description: "Where it stands." })
  state: ReviewStateEnum;

  @Field(() => ReviewVerdictEnum, { nullable: true, description: "The last verdict." })
  verdict: ReviewVerdictEnum | null;

  @Field(() => String, { nullable: true, description: "Who gave it." })
  decidedBy: string | null;

  @Field(() => DateTime, { nullable: true, description: "When it was given." })
  decidedAt: Date | null;

  @Field(() => String, { nullable: true, description: "Why, in the words of who gave it." })
  reason: string | null;

  @Field(() => DateTime, { nullable: true, description: "Put off until then." })
  deferUntil: Date | null;

  @Field(() => [SourceRef], { description: "Sources whose evidence it is." })
  sources: SourceRef[];

  @Field(() => [ReviewWeightType], {
    description: "What each field says, where records were compared.",
  })
  weights: ReviewWeightType[];
}

@ObjectType("ReviewItemConnection", { description: "What waits for a review, first due first." })
export class ReviewItemConnection extends connectionOf("ReviewItem", () => ReviewItemType) {
  /** What the count is answered from. */
  count: () => Promise<number>;
}

@ObjectType("ReviewMatchPayload", { description: "What became of a verdict." })
export class ReviewMatchPayload {
  @Field(() => ReviewItemType, { nullable: true, description: "The item; null when refused." })
  item: ReviewItemType | null;

  @Field(() => IdentityChangeType, {
    nullable: true,
    description: "What changed about persons; null when nothing did.",
  })
  change: IdentityChangeType | null;

  @Field(() => [ProblemType], { description: "Why it was refused." })
  problems: ProblemType[];
}

@ObjectType("AssignReviewPayload", { description: "What became of an assignment." })
export class AssignReviewPayload {
  @Field(() => ReviewItemType, { nullable: true, description: "The item; null when refused." })
  item: ReviewItemType | null;

  @Field(() => [ProblemType], { description: "Why it was refused." })
  problems: ProblemType[];
}

export function toReviewItemType(
  question: ReviewQuestion,
  context: RequestContext,
): ReviewItemType {
  const { item } = question;
  const dateOf = (text: string | null) => (text === null ? null : new Date(text));
  return {
    question,
    id: item.id,
    cause: item.cause as ReviewCauseEnum,
    probability: item.probability,
    createdAt: new Date(item.createdAt),
    dueAt: new Date(item.dueAt),
    assignee: item.assignee,
    state: item.state as ReviewStateEnum,
    verdict: item.verdict as ReviewVerdictEnum | null,
    decidedBy: item.decidedBy,
    decidedAt: dateOf(item.decidedAt),
    reason: maskFreeText(context, item.reason),
    deferUntil: dateOf(item.deferredUntil),
    sources: item.sources.map(sourceRef),
    weights: [...item.weights],
  };
}
