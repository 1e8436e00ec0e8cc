import { Directive, Field, ID, ObjectType } from "type-graphql";
import { Channel } from "../../../kernel/federation/channel.ts";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { IdentifierRefType } from "../../../kernel/federation/identifier-ref.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { Cursor } from "../../../kernel/federation/scalars.ts";
import {
  LawfulBasisEnum,
  OutcomeEnum,
  StatementKindEnum,
  SuppressionReasonEnum,
} from "./consent-enums.ts";

@ObjectType("Person", { description: "One human, as resolved." })
@Directive('@key(fields: "id")')
export class ConsentPerson {
  @Field(() => ID, { description: "Id of the person." })
  id: string;
}

@ObjectType("Source", { description: "A system that sends us data." })
@Directive('@key(fields: "name", resolvable: false)')
export class StatementSource {
  @Field(() => String, { description: "Unique name of the source." })
  name: string;
}

@ObjectType("Purpose", { description: "A use of personal data that people are asked about." })
@Directive('@key(fields: "name")')
export class PurposeType {
  @Field(() => String, { description: "Unique name; upper and lower case are the same." })
  name: string;

  @Field(() => String, { description: "What people read." })
  title: string;

  @Field(() => LawfulBasisEnum, { description: "Why the use is lawful." })
  basis: LawfulBasisEnum;

  @Field(() => [Channel], { description: "Channels it is for; empty: any." })
  channels: Channel[];

  @Field(() => [String], {
    description: "What consent platforms call it, beside its own name (category preferences).",
  })
  categories: string[];
}

@ObjectType("ConsentStatement", { description: "One thing somebody said about a use." })
export class StatementType {
  @Field(() => ID, { description: "Id of the statement." })
  id: string;

  @Field(() => StatementKindEnum, { description: "What it says." })
  kind: StatementKindEnum;

  @Field(() => String, {
    description: "Purpose, or category of a consent platform, as it was said.",
  })
  purpose: string;

  @Field(() => Channel, { nullable: true, description: "Channel; null: every one." })
  channel: Channel | null;

  @Field(() => IdentifierRefType, { description: "Who said it." })
  identifier: IdentifierRefType;

  @Field(() => Date, { description: "When it was said." })
  statedAt: Date;

  @Field(() => Date, { description: "When we heard of it." })
  recordedAt: Date;

  @Field(() => Date, { nullable: true, description: "When it runs out; null: never." })
  expiresAt: Date | null;

  @Field(() => String, { description: "How it was said: `preference-centre`, `csv-import`, …" })
  method: string;

  @Field(() => StatementSource, { nullable: true, description: "System it came through." })
  source: StatementSource | null;

  @Field(() => String, { nullable: true, description: "Event that carried it." })
  messageId: string | null;
}

@ObjectType("ConsentStatementConnection", { description: "A page of statements, newest first." })
export class StatementConnection extends connectionOf("ConsentStatement", () => StatementType) {}

@ObjectType("Suppression", { description: "An address to which nothing may go." })
export class SuppressionType {
  @Field(() => ID, { description: "Id of the suppression." })
  id: string;

  @Field(() => IdentifierRefType, {
    nullable: true,
    description: "The address; null once it was erased (the suppression goes on).",
  })
  identifier: IdentifierRefType | null;

  @Field(() => Channel, { nullable: true, description: "Channel; null: every one." })
  channel: Channel | null;

  @Field(() => SuppressionReasonEnum, { description: "Why." })
  reason: SuppressionReasonEnum;

  @Field(() => String, {
    nullable: true,
    description: "Remark of who suppressed it; masked without the scope `pii:read`.",
  })
  note: string | null;

  @Field(() => Date, { description: "Since when." })
  createdAt: Date;

  @Field(() => Date, { nullable: true, description: "When it was lifted; null: it stands." })
  liftedAt: Date | null;
}

@ObjectType("SuppressionConnection", { description: "A page of suppressions, newest first." })
export class SuppressionConnection extends connectionOf("Suppression", () => SuppressionType) {}

@ObjectType("ConsentReason", { description: "Why a decision is what it is." })
export class ReasonType {
  @Field(() => String, { description: "Stable code in UPPER_SNAKE case." })
  code: string;

  @Field(() => String, { description: "The reason in words." })
  message: string;
}

@ObjectType("ConsentDecision", { description: "What may be done with a person, and why." })
export class DecisionType {
  @Field(() => ID, { description: "The person asked about." })
  personId: string;

  @Field(() => String, { description: "The purpose asked about." })
  purpose: string;

  @Field(() => Channel, { nullable: true, description: "The channel asked about; null: any." })
  channel: Channel | null;

  @Field(() => OutcomeEnum, { description: "What may be done." })
  outcome: OutcomeEnum;

  @Field(() => [ReasonType], { description: "All reasons, the hardest first; never empty." })
  reasons: ReasonType[];

  @Field(() => [IdentifierRefType], {
    description:
      "Addresses of the request that are suppressed and must be left out (`leavesOut`); normalised.",
  })
  leaveOut: IdentifierRefType[];

  @Field(() => Date, { description: "The instant it was decided for." })
  decidedAt: Date;
}

@ObjectType("ConsentChange", { description: "What may be done with somebody changed." })
export class ConsentChangeType {
  @Field(() => Cursor, { description: "Resume after this change with it." })
  cursor: string;

  @Field(() => Date, { description: "When it was said or done." })
  occurredAt: Date;

  @Field(() => String, { nullable: true, description: "Purpose; null: every one (a suppression)." })
  purpose: string | null;

  @Field(() => Channel, { nullable: true, description: "Channel; null: every one." })
  channel: Channel | null;

  @Field(() => IdentifierRefType, {
    nullable: true,
    description: "Whose; null when the purpose itself changed, for everybody.",
  })
  identifier: IdentifierRefType | null;

  @Field(() => ConsentPerson, { nullable: true, description: "The person, where one is known." })
  person: ConsentPerson | null;
}

@ObjectType("DefinePurposePayload", { description: "Answer to `definePurpose`." })
export class DefinePurposePayload {
  @Field(() => PurposeType, { nullable: true, description: "The purpose; null when refused." })
  purpose: PurposeType | null;

  @Field(() => [ProblemType], { description: "What to mend; empty when all went well." })
  problems: ProblemType[];
}

@ObjectType("RecordConsentPayload", { description: "Answer to `recordConsent`." })
export class RecordConsentPayload {
  @Field(() => StatementType, { nullable: true, description: "The statement; null when refused." })
  statement: StatementType | null;

  @Field(() => [ProblemType], { description: "What to mend; empty when all went well." })
  problems: ProblemType[];
}

@ObjectType("SuppressPayload", { description: "Answer to `suppress`." })
export class SuppressPayload {
  @Field(() => SuppressionType, {
    nullable: true,
    description: "The suppression that stands; null when refused.",
  })
  suppression: SuppressionType | null;

  @Field(() => [ProblemType], { description: "What to mend; empty when all went well." })
  problems: ProblemType[];
}

@ObjectType("LiftSuppressionPayload", { description: "Answer to `liftSuppression`." })
export class LiftSuppressionPayload {
  @Field(() => [SuppressionType], { description: "What was lifted; empty when refused." })
  suppressions: SuppressionType[];

  @Field(() => [ProblemType], { description: "What to mend; empty when all went well." })
  problems: ProblemType[];
}
