import { Directive, Field, Float, InputType, ObjectType } from "type-graphql";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { SourceKind } from "./enums.ts";

@ObjectType("SourceStatistics", { description: "What came from a source since it was defined." })
export class SourceStatisticsType {
  @Field(() => Float, { description: "Events accepted." })
  accepted: number;

  @Field(() => Float, { description: "Events that were known already by their message id." })
  duplicates: number;

  @Field(() => Float, { description: "Events that went to quarantine." })
  quarantined: number;

  @Field(() => Float, { description: "Events that could not be taken at all." })
  rejected: number;

  @Field(() => DateTime, { nullable: true, description: "When the last request with events came." })
  lastEventAt: Date | null;
}

@ObjectType("WriteKey", { description: "A key that lets a source send events, and nothing else." })
export class WriteKeyType {
  @Field(() => String, { description: "First characters, to tell keys apart." })
  prefix: string;

  @Field(() => DateTime, { description: "When it was made." })
  createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was revoked; null: it works." })
  revokedAt: Date | null;
}

@ObjectType("Source", {
  description: "A system that sends us events: a web site, a CRM, a shop, …",
})
@Directive('@key(fields: "name")')
export class SourceType {
  @Field(() => String, { description: "Unique name, as it stands in code; it never changes." })
  name: string;

  @Field(() => String, { description: "Name for people." })
  title: string;

  @Field(() => SourceKind, { description: "What kind of system it is." })
  kind: SourceKind;

  @Field(() => DateTime, { description: "When it was defined." })
  createdAt: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: "When it was disabled; null: it may send.",
  })
  disabledAt: Date | null;

  // Fields `statistics` and `writeKeys` are answered by SourceResolver.
}

@ObjectType("SourceConnection", { description: "A page of sources." })
export class SourceConnection extends connectionOf("Source", () => SourceType) {}

@InputType({ description: "A new source." })
export class CreateSourceInput {
  @Field(() => String, { description: "1–64 of a-z, 0-9, - and _; unique for ever." })
  name: string;

  @Field(() => String, { description: "Name for people, 1–200 characters." })
  title: string;

  @Field(() => SourceKind, { description: "What kind of system it is." })
  kind: SourceKind;
}

@InputType({ description: "Another write key for a source." })
export class RotateWriteKeyInput {
  @Field(() => String, { description: "The source's name." })
  source: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: "Whether the present keys stop working at once; else they work on (at most 5).",
  })
  revokeOthers: boolean;
}

@InputType({ description: "A write key that must not work any longer." })
export class RevokeWriteKeyInput {
  @Field(() => String, { description: "The source's name." })
  source: string;

  @Field(() => String, { description: "The key's `prefix`." })
  prefix: string;
}

@InputType({ description: "A source that must not send any longer." })
export class DisableSourceInput {
  @Field(() => String, { description: "The source's name." })
  name: string;
}

@InputType({ description: "A disabled source that may send again." })
export class EnableSourceInput {
  @Field(() => String, { description: "The source's name." })
  name: string;
}

@ObjectType({ description: "A source with a write key that is shown this once." })
export class SourceWithKeyPayload {
  @Field(() => SourceType, { nullable: true, description: "The source; null when refused." })
  source: SourceType | null;

  @Field(() => String, {
    nullable: true,
    description: "The write key, shown once and kept hashed.",
  })
  writeKey: string | null;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}

@ObjectType({ description: "A source that was changed." })
export class SourcePayload {
  @Field(() => SourceType, { nullable: true, description: "The source; null when refused." })
  source: SourceType | null;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}
