import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { Cursor, DateTime } from "../../../kernel/federation/scalars.ts";
import { DeliveryType } from "./delivery-type.ts";
import { DeliveryStatusEnum } from "./enums.ts";

@InputType("DeliveryFilter", { description: "Which deliveries; all given conditions hold." })
export class DeliveryFilter {
  @Field(() => String, { nullable: true, description: "Name of the destination." })
  destination?: string | null;

  @Field(() => String, { nullable: true, description: "Name of the sync." })
  sync?: string | null;

  @Field(() => [DeliveryStatusEnum], { nullable: true, description: "Any of these statuses." })
  statuses?: DeliveryStatusEnum[] | null;

  @Field(() => ID, { nullable: true, description: "Person, under this or a former id." })
  person?: string | null;

  @Field(() => DateTime, { nullable: true, description: "Made at or after." })
  from?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Made before." })
  until?: Date | null;
}

@InputType("ReplayDeliveriesInput", { description: "Which deliveries to send again, and why." })
export class ReplayDeliveriesInput {
  @Field(() => DeliveryFilter, {
    description: "DEAD ones unless `statuses` says RETRYING (or both).",
  })
  filter: DeliveryFilter;

  @Field(() => String, { description: "Why, for the record; 1–1,000 characters." })
  reason: string;
}

@ObjectType("DeliveryReplay", { description: "A replay by hand." })
export class DeliveryReplayType {
  @Field(() => ID, { description: "Id of the replay." })
  id: string;

  @Field(() => Int, { description: "Deliveries that met the filter." })
  matched: number;

  @Field(() => Int, {
    description: "Of these, made due; the others are no longer so (SUPERSEDED).",
  })
  queued: number;

  @Field(() => DateTime, { description: "When it was asked for." })
  createdAt: Date;
}

@ObjectType("ReplayDeliveriesPayload", { description: "What a replay came to." })
export class ReplayDeliveriesPayload {
  @Field(() => DeliveryReplayType, {
    nullable: true,
    description: "The replay; null when refused.",
  })
  run: DeliveryReplayType | null;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}

@ObjectType("DeliveryStatusChange", { description: "A delivery reached a status." })
export class DeliveryStatusChangeType {
  @Field(() => Cursor, { description: "Position; hand it to `after` to go on from here." })
  cursor: string;

  @Field(() => DateTime, { description: "When." })
  occurredAt: Date;

  @Field(() => DeliveryStatusEnum, {
    description: "The status it reached (SENDING is not announced).",
  })
  status: DeliveryStatusEnum;

  @Field(() => DeliveryType, { nullable: true, description: "The delivery as it is now." })
  delivery: DeliveryType | null;
}
