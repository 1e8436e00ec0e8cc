import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import { DestinationType } from "./destination-type.ts";
import {
  AttemptOutcomeEnum,
  DeliveryKindEnum,
  DeliveryStatusEnum,
  HeldBecauseEnum,
} from "./enums.ts";
import { LineageType } from "./lineage-type.ts";
import { PersonType } from "./reference-types.ts";
import { SyncType } from "./sync-type.ts";

@ObjectType("DeliveryAttempt", { description: "One try to deliver." })
export class AttemptType {
  @Field(() => Int, {
    description: "Counts from 1 over the life of the delivery, replays included.",
  })
  number: number;

  @Field(() => DateTime, { description: "When it began." })
  startedAt: Date;

  @Field(() => Int, { description: "How long it took, in milliseconds." })
  durationMs: number;

  @Field(() => AttemptOutcomeEnum, { description: "What came of it." })
  outcome: AttemptOutcomeEnum;

  @Field(() => Int, { nullable: true, description: "What the endpoint answered." })
  httpStatus: number | null;

  @Field(() => String, { nullable: true, description: "The failure in words." })
  message: string | null;
}

@ObjectType("Delivery", { description: "One message to one destination, with all its attempts." })
@Directive('@key(fields: "id")')
export class DeliveryType {
  @Field(() => ID, { description: "Id of the delivery; every attempt carries it as `webhook-id`." })
  id: string;

  @Field(() => DeliveryKindEnum, { description: "What it says." })
  kind: DeliveryKindEnum;

  @Field(() => DeliveryStatusEnum, { description: "Where it stands." })
  status: DeliveryStatusEnum;

  @Field(() => DestinationType, { nullable: true, description: "Where it goes." })
  destination: DestinationType | null;

  @Field(() => SyncType, { nullable: true, description: "The sync it belongs to." })
  sync: SyncType | null;

  @Field(() => PersonType, { nullable: true, description: "Whom it is about, by the id it names." })
  person: PersonType | null;

  @Field(() => DateTime, { description: "When what it tells became so." })
  occurredAt: Date;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt: Date;

  @Field(() => DateTime, { description: "When its status last changed." })
  updatedAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it is next tried, while it waits." })
  nextAttemptAt: Date | null;

  @Field(() => Int, { description: "How many attempts there were." })
  attemptCount: number;

  @Field(() => [AttemptType], { description: "The attempts, first one first; the latest 50." })
  attempts: AttemptType[];

  @Field(() => HeldBecauseEnum, { nullable: true, description: "Why it is due and not tried." })
  heldBecause: HeldBecauseEnum | null;

  @Field(() => String, { nullable: true, description: "Why it was superseded, in words." })
  note: string | null;

  @Field(() => LineageType, { nullable: true, description: "What led to it." })
  lineage: LineageType | null;
}

@ObjectType("DeliveryConnection", { description: "Deliveries, newest first." })
export class DeliveryConnection extends connectionOf("Delivery", () => DeliveryType) {}
