import { Field, Float, ID, InputType } from "type-graphql";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import { ReviewCauseEnum, ReviewStateEnum, ReviewVerdictEnum } from "./review-enums.ts";

@InputType("ReviewFilter", { description: "Which items; every condition given must hold." })
export class ReviewFilter {
  @Field(() => ReviewCauseEnum, {
    nullable: true,
    description: "Of this cause; any but SAMPLE by default.",
  })
  cause?: ReviewCauseEnum | null;

  @Field(() => [ReviewCauseEnum], { nullable: true, description: "Of one of these causes." })
  causes?: ReviewCauseEnum[] | null;

  @Field(() => ReviewStateEnum, { nullable: true, description: "In this state; OPEN by default." })
  state?: ReviewStateEnum | null;

  @Field(() => [ReviewStateEnum], { nullable: true, description: "In one of these states." })
  states?: ReviewStateEnum[] | null;

  @Field(() => String, { nullable: true, description: "Assigned to this one." })
  assignee?: string | null;

  @Field(() => Boolean, { nullable: true, description: "True: assigned to nobody." })
  unassigned?: boolean | null;

  @Field(() => Float, { nullable: true, description: "At least as probable, 0 to 1." })
  probabilityFrom?: number | null;

  @Field(() => Float, { nullable: true, description: "At most as probable, 0 to 1." })
  probabilityTo?: number | null;

  @Field(() => DateTime, { nullable: true, description: "Came in then or later." })
  createdFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Came in before: how old it is." })
  createdBefore?: Date | null;

  @Field(() => ID, { nullable: true, description: "About this person, or who it is now." })
  person?: string | null;

  @Field(() => String, { nullable: true, description: "On evidence of this source." })
  source?: string | null;
}

@InputType("ReviewMatchInput", { description: "A verdict on an item." })
export class ReviewMatchInput {
  @Field(() => ID, { description: "Id of the item." })
  item: string;

  @Field(() => ReviewVerdictEnum, { description: "What you say." })
  verdict: ReviewVerdictEnum;

  @Field(() => String, { nullable: true, description: "Why; 1–1,000 characters, required." })
  reason?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: "Only with DEFER: when to look again; behind all others when omitted.",
  })
  deferUntil?: Date | null;
}

@InputType("AssignReviewInput", { description: "Who is to look at an item." })
export class AssignReviewInput {
  @Field(() => ID, { description: "Id of the item." })
  item: string;

  @Field(() => String, { nullable: true, description: "Who; null: nobody in particular." })
  assignee?: string | null;
}
