import { Field, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { IdentifierInput, IdentifierRefType } from "../../../kernel/federation/identifier-ref.ts";
import { maskJson, maskText } from "../../../kernel/federation/mask.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { DateTime, Json } from "../../../kernel/federation/scalars.ts";
import type { KnownRecord } from "../store/records.ts";
import { SourceRef, sourceRef } from "./reference-types.ts";

export enum RecordKindEnum {
  USER = "USER",
  LEAD = "LEAD",
  CONTACT = "CONTACT",
  LEARNER = "LEARNER",
  MEMBER = "MEMBER",
  CUSTOMER = "CUSTOMER",
  SUBSCRIPTION = "SUBSCRIPTION",
  SUBSCRIBER = "SUBSCRIBER",
  EMPLOYEE = "EMPLOYEE",
  PERSON = "PERSON",
  OTHER = "OTHER",
}
registerEnumType(RecordKindEnum, {
  name: "RecordKind",
  description: "What somebody is to the source.",
  valuesConfig: {
    USER: { description: "A user of a product or site" },
    LEAD: { description: "Somebody who may become a customer" },
    CONTACT: { description: "A contact in a CRM" },
    LEARNER: { description: "A learner in a learning platform" },
    MEMBER: { description: "A member of a club or programme" },
    CUSTOMER: { description: "A customer of a shop" },
    SUBSCRIPTION: { description: "A subscription, which names its subscriber" },
    SUBSCRIBER: { description: "A subscriber of a newsletter or channel" },
    EMPLOYEE: { description: "An employee" },
    PERSON: { description: "A person in a register or directory" },
    OTHER: { description: "Anything else about a person" },
  },
});

@InputType("RecordInput", { description: "A source's own entry about a person, whole." })
export class RecordInput {
  @Field(() => RecordKindEnum, { description: "What the person is to the source." })
  kind: RecordKindEnum;

  @Field(() => String, {
    description:
      "The source's own id of the entry, unique within source and kind, 1–256 characters.",
  })
  key: string;

  @Field(() => String, {
    nullable: true,
    description:
      "When the source had it like this, ISO 8601; now when omitted. Of what is older, only whom it named counts.",
  })
  observedAt?: string | null;

  @Field(() => [IdentifierInput], {
    nullable: true,
    description: "What ties the entry to a person for certain; at most 50.",
  })
  identifiers?: IdentifierInput[] | null;

  @Field(() => Json, {
    nullable: true,
    description:
      "What the entry says, by name (`familyName`, `last_name`, `Nachname`): traits of the person, " +
      "and what the matcher compares. An object of at most 200 names and 64,000 characters.",
  })
  attributes?: unknown;
}

@InputType("PutRecordsInput", { description: "Records of one source." })
export class PutRecordsInput {
  @Field(() => String, { description: "Name of the source." })
  source: string;

  @Field(() => [RecordInput], { description: "At most 500." })
  records: RecordInput[];
}

@ObjectType("RejectedRecord", { description: "A record that was not taken in." })
export class RejectedRecord {
  @Field(() => Int, { description: "Its place in the input, from 0." })
  index: number;

  @Field(() => String, { description: "Its key as it was given." })
  key: string;

  @Field(() => [ProblemType], { description: "Everything that is wrong with it." })
  problems: ProblemType[];
}

@ObjectType("PutRecordsPayload", { description: "What became of the records." })
export class PutRecordsPayload {
  @Field(() => Int, {
    description: "Records taken in: on disk, matched, and resolved into persons.",
  })
  accepted: number;

  @Field(() => [RejectedRecord], { description: "The others; they keep no good one out." })
  rejected: RejectedRecord[];

  @Field(() => [ProblemType], {
    description:
      "What is wrong with the call, and identifiers that accepted records were kept without.",
  })
  problems: ProblemType[];
}

@ObjectType("Record", { description: "One source's own entry about a person." })
export class RecordType {
  @Field(() => SourceRef, { description: "The source." })
  source: SourceRef;

  @Field(() => RecordKindEnum, { description: "What the person is to the source." })
  kind: RecordKindEnum;

  @Field(() => String, {
    description: "The source's own id of the entry; masked without the scope `pii:read`.",
  })
  key: string;

  @Field(() => DateTime, { description: "When the source had it like this." })
  observedAt: Date;

  @Field(() => [IdentifierRefType], {
    description: "What ties it to a person, as the source wrote it; masked without `pii:read`.",
  })
  identifiers: IdentifierRefType[];

  @Field(() => Json, { description: "What it says; values are masked without `pii:read`." })
  attributes: unknown;
}

@ObjectType("RecordConnection", { description: "Records of a person, first taken in first." })
export class RecordConnection extends connectionOf("Record", () => RecordType) {
  @Field(() => Int, { description: "How many there are in all." })
  totalCount: number;
}

export function toRecordType(record: KnownRecord, context: RequestContext): RecordType {
  return {
    source: sourceRef(record.source),
    kind: record.kind as RecordKindEnum,
    key: maskText(context, record.key),
    observedAt: new Date(record.observedAt),
    identifiers: record.identifiers.map(({ namespace, value }) => ({
      namespace,
      value: maskText(context, value),
    })),
    attributes: maskJson(context, record.attributes),
  };
}
