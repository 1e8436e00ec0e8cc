import { Field, InputType, Int, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { DateTime, Json } from "../../../kernel/federation/scalars.ts";
import { ContractDrives, ContractFamily, ContractState } from "./enums.ts";

@ObjectType("Contract", {
  description: "One version of what the properties of a track event must meet.",
})
export class ContractType {
  @Field(() => String, { description: "Name of the event." })
  event: string;

  @Field(() => Int, { description: "1 for the first, and so on; a version never changes." })
  version: number;

  @Field(() => ContractFamily, { description: "What the event tells about." })
  family: ContractFamily;

  @Field(() => String, { description: "Who answers for it." })
  owner: string;

  @Field(() => ContractDrives, { description: "What the event is collected for." })
  drives: ContractDrives;

  @Field(() => String, { nullable: true, description: "Why the event is worth collecting." })
  justification: string | null;

  @Field(() => Json, { description: "JSON Schema of the event's properties." })
  schema: unknown;

  @Field(() => ContractState, { description: "Whether new senders should use it." })
  state: ContractState;

  @Field(() => DateTime, { description: "When it was registered." })
  createdAt: Date;
}

@ObjectType("ContractConnection", { description: "A page of contract versions." })
export class ContractConnection extends connectionOf("Contract", () => ContractType) {}

@InputType({ description: "The next version of an event's contract." })
export class RegisterContractInput {
  @Field(() => String, { description: "Name of the track event, 1–255 characters." })
  event: string;

  @Field(() => ContractFamily, { description: "What the event tells about." })
  family: ContractFamily;

  @Field(() => String, { description: "Who answers for it." })
  owner: string;

  @Field(() => ContractDrives, { description: "What the event is collected for." })
  drives: ContractDrives;

  @Field(() => String, { nullable: true, description: "Why the event is worth collecting." })
  justification: string | null;

  @Field(() => Json, {
    description:
      "JSON Schema of the properties: 2020-12, or draft-07 by `$schema`; at most 64 KB; " +
      "references stay inside it and do not recur; patterns know no lookaround or back-reference.",
  })
  schema: unknown;
}

@InputType({ description: "A contract version that new senders should not use any more." })
export class DeprecateContractInput {
  @Field(() => String, { description: "Name of the event." })
  event: string;

  @Field(() => Int, { description: "The version." })
  version: number;
}

@ObjectType("BreakingChange", {
  description: "What a new version demands and the former did not.",
})
export class BreakingChangeType {
  @Field(() => String, { description: "Where in the properties, as a JSON pointer." })
  path: string;

  @Field(() => String, { description: "What changed." })
  message: string;
}

@ObjectType({ description: "A contract version that was registered." })
export class RegisterContractPayload {
  @Field(() => ContractType, { nullable: true, description: "The version; null when refused." })
  contract: ContractType | null;

  @Field(() => Int, {
    nullable: true,
    description: "The version before it; null: it is the first.",
  })
  previousVersion: number | null;

  @Field(() => [BreakingChangeType], {
    description:
      "What events of the version before may not meet any more. Registered all the same.",
  })
  breakingChanges: BreakingChangeType[];

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}

@ObjectType({ description: "A contract version that was deprecated." })
export class DeprecateContractPayload {
  @Field(() => ContractType, { nullable: true, description: "The version; null when refused." })
  contract: ContractType | null;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}
