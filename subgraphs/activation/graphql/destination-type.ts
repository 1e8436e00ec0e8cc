import { Directive, Field, InputType, Int, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { DateTime, Json } from "../../../kernel/federation/scalars.ts";
import { DestinationStateEnum } from "./enums.ts";

@ObjectType("Destination", { description: "Where messages go: one endpoint of one kind." })
@Directive('@key(fields: "name")')
export class DestinationType {
  @Field(() => String, { description: "Unique name." })
  name: string;

  @Field(() => String, { description: "Its kind, such as `webhook`." })
  kind: string;

  @Field(() => DestinationStateEnum, { description: "Whether it is sent to." })
  state: DestinationStateEnum;

  @Field(() => String, { nullable: true, description: "Why it is not active, in words." })
  stateReason: string | null;

  @Field(() => Json, { description: "Settings of its kind; header values are hidden." })
  settings: unknown;

  @Field(() => DateTime, { description: "When it was defined." })
  createdAt: Date;

  @Field(() => DateTime, { description: "When it was last changed." })
  updatedAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was deleted; null: it was not." })
  deletedAt: Date | null;
}

@ObjectType("DestinationConnection", { description: "Destinations, by name." })
export class DestinationConnection extends connectionOf("Destination", () => DestinationType) {}

@ObjectType("DestinationBacklog", {
  description: "What has not arrived; each counted up to 10,000.",
})
export class DestinationBacklogType {
  @Field(() => Int, { description: "Due or waiting for a retry." })
  waiting: number;

  @Field(() => Int, { description: "Withheld because consent refuses." })
  withheld: number;

  @Field(() => Int, { description: "Given up: dead letters." })
  dead: number;
}

@ObjectType("DestinationKind", { description: "A kind of destination, and what it needs to know." })
export class DestinationKindType {
  @Field(() => String, { description: "Name of the kind." })
  kind: string;

  @Field(() => String, { description: "Title for people." })
  title: string;

  @Field(() => Json, { description: "JSON Schema of its settings." })
  form: unknown;
}

@InputType("CreateDestinationInput", { description: "A destination to define." })
export class CreateDestinationInput {
  @Field(() => String, {
    description: "Unique name: letters, digits, dot, dash, underscore; 1–100.",
  })
  name: string;

  @Field(() => String, { description: "Kind, such as `webhook`." })
  kind: string;

  @Field(() => Json, {
    description: "Settings of the kind; for a webhook `{ url, headers, timeoutMs, concurrency }`.",
  })
  settings: unknown;
}

@InputType("UpdateDestinationInput", { description: "New settings of a destination." })
export class UpdateDestinationInput {
  @Field(() => String, { description: "Name of the destination." })
  name: string;

  @Field(() => Json, { description: "The settings, whole." })
  settings: unknown;
}

@InputType("DestinationNameInput", { description: "Names a destination." })
export class DestinationNameInput {
  @Field(() => String, { description: "Name of the destination." })
  name: string;
}

@InputType("DeleteDestinationInput", { description: "A destination to delete." })
export class DeleteDestinationInput {
  @Field(() => String, { description: "Name of the destination." })
  name: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "True: its syncs are deleted with it. False: it is refused while it has any.",
  })
  deleteSyncs: boolean;
}

@ObjectType("DestinationPayload", { description: "A destination after a change." })
export class DestinationPayload {
  @Field(() => DestinationType, {
    nullable: true,
    description: "The destination; null when refused.",
  })
  destination: DestinationType | null;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}

@ObjectType("DestinationSecretPayload", {
  description: "A destination and its fresh signing secret.",
})
export class DestinationSecretPayload extends DestinationPayload {
  @Field(() => String, {
    nullable: true,
    description: "The secret that signs (`whsec_…`, Standard Webhooks). Shown this once.",
  })
  signingSecret: string | null;
}
