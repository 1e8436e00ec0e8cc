import { Field, ID, InputType } from "type-graphql";
import { Channel } from "../../../kernel/federation/channel.ts";
import { IdentifierInput } from "../../../kernel/federation/identifier-ref.ts";
import {
  LawfulBasisEnum,
  OperationEnum,
  StatementKindEnum,
  SuppressionReasonEnum,
} from "./consent-enums.ts";

@InputType("DefinePurposeInput", { description: "A purpose to define, or to define anew." })
export class DefinePurposeInput {
  @Field(() => String, { description: "Unique name, 1–100 characters; case does not matter." })
  name: string;

  @Field(() => String, { description: "What people read, 1–200 characters." })
  title: string;

  @Field(() => [Channel], { defaultValue: [], description: "Channels it is for; empty: any." })
  channels: Channel[];

  @Field(() => LawfulBasisEnum, {
    defaultValue: LawfulBasisEnum.CONSENT,
    description: "Why the use is lawful.",
  })
  basis: LawfulBasisEnum;

  @Field(() => [String], {
    defaultValue: [],
    description: "What consent platforms call it, at most 50; its own name always counts.",
  })
  categories: string[];
}

@InputType("RecordConsentInput", { description: "Something somebody said about a use." })
export class RecordConsentInput {
  @Field(() => IdentifierInput, { description: "Who said it." })
  identifier: IdentifierInput;

  @Field(() => String, { description: "Name of a defined purpose." })
  purpose: string;

  @Field(() => Channel, { nullable: true, description: "Channel; omitted: every one." })
  channel?: Channel | null;

  @Field(() => StatementKindEnum, { description: "What was said." })
  kind: StatementKindEnum;

  @Field(() => String, {
    defaultValue: "api",
    description:
      "How it was said. A method that names an import or an operator records a consent, " +
      "but never revives one that the person took back.",
  })
  method: string;

  @Field(() => Date, { nullable: true, description: "When it was said; omitted: now." })
  statedAt?: Date | null;

  @Field(() => Date, { nullable: true, description: "When it runs out; omitted: never." })
  expiresAt?: Date | null;

  @Field(() => String, { nullable: true, description: "Name of the source it came through." })
  source?: string | null;
}

@InputType("SuppressInput", { description: "An address to which nothing may go any more." })
export class SuppressInput {
  @Field(() => IdentifierInput, { description: "The address." })
  identifier: IdentifierInput;

  @Field(() => Channel, { nullable: true, description: "Channel; omitted: every one." })
  channel?: Channel | null;

  @Field(() => SuppressionReasonEnum, { description: "Why." })
  reason: SuppressionReasonEnum;

  @Field(() => String, { nullable: true, description: "Remark, at most 200 characters." })
  note?: string | null;
}

@InputType("LiftSuppressionInput", { description: "A suppression that shall end." })
export class LiftSuppressionInput {
  @Field(() => IdentifierInput, { description: "The address." })
  identifier: IdentifierInput;

  @Field(() => Channel, { nullable: true, description: "Of that channel only; omitted: of each." })
  channel?: Channel | null;

  @Field(() => SuppressionReasonEnum, {
    nullable: true,
    description: "For that reason only; omitted: whatever the reason.",
  })
  reason?: SuppressionReasonEnum | null;
}

@InputType("ConsentDecisionRequest", { description: "A use of one person's data, to be judged." })
export class ConsentDecisionRequest {
  @Field(() => ID, { description: "The person; an id that was merged away means its survivor." })
  personId: string;

  @Field(() => String, { description: "Name of the purpose." })
  purpose: string;

  @Field(() => Channel, { nullable: true, description: "Channel; omitted: none in particular." })
  channel?: Channel | null;

  @Field(() => [IdentifierInput], {
    defaultValue: [],
    description:
      "Addresses it would be sent to, at most 500; a suppression on one denies, unless you leave it out.",
  })
  addresses: IdentifierInput[];

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "You leave out the addresses that `leaveOut` of the answer names: of several of a namespace " +
      "one that is free is enough.",
  })
  leavesOut: boolean;

  @Field(() => OperationEnum, {
    defaultValue: OperationEnum.ADD,
    description: "Which way data goes.",
  })
  operation: OperationEnum;
}
