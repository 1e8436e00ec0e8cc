import { Directive, Field, InputType, ObjectType } from "type-graphql";
import { Channel } from "../../../kernel/federation/channel.ts";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import { DestinationType } from "./destination-type.ts";
import { SyncStateEnum } from "./enums.ts";
import { AudienceRef, PurposeRef } from "./reference-types.ts";

@ObjectType("Sync", {
  description: "Keeps a destination told of an audience's members, or of profile changes.",
})
@Directive('@key(fields: "name")')
export class SyncType {
  @Field(() => String, { description: "Unique name." })
  name: string;

  @Field(() => DestinationType, { nullable: true, description: "Where it sends." })
  destination: DestinationType | null;

  @Field(() => AudienceRef, {
    nullable: true,
    description: "Whose members; null: profile changes.",
  })
  audience: AudienceRef | null;

  @Field(() => PurposeRef, {
    nullable: true,
    description: "What it is for; consent is asked for it.",
  })
  purpose: PurposeRef | null;

  @Field(() => Channel, { description: "The channel it serves; consent is asked for it." })
  channel: Channel;

  @Field(() => [String], { description: "Namespaces of the identifiers it sends." })
  identifiers: string[];

  @Field(() => [String], { description: "Names of the traits it sends." })
  traits: string[];

  @Field(() => SyncStateEnum, { description: "Whether it sends." })
  state: SyncStateEnum;

  @Field(() => Boolean, { description: "Whether it is still going through the present members." })
  isBackfilling: boolean;

  @Field(() => DateTime, { description: "When it was defined." })
  createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was deleted; null: it was not." })
  deletedAt: Date | null;
}

@ObjectType("SyncConnection", { description: "Syncs, by name." })
export class SyncConnection extends connectionOf("Sync", () => SyncType) {}

@InputType("SyncSubjectInput", { description: "What a sync is about: exactly one of the two." })
@Directive("@oneOf")
export class SyncSubjectInput {
  @Field(() => String, { nullable: true, description: "Name of an audience: its members." })
  audience?: string | null;

  @Field(() => Boolean, { nullable: true, description: "True: changes of all allowed profiles." })
  profiles?: boolean | null;
}

@InputType("CreateSyncInput", { description: "A sync to define." })
export class CreateSyncInput {
  @Field(() => String, {
    description: "Unique name: letters, digits, dot, dash, underscore; 1–100.",
  })
  name: string;

  @Field(() => String, { description: "Name of the destination." })
  destination: string;

  @Field(() => SyncSubjectInput, { description: "What it is about." })
  subject: SyncSubjectInput;

  @Field(() => String, { description: "Name of the purpose; only who consents to it is sent." })
  purpose: string;

  @Field(() => Channel, { description: "The channel the destination serves." })
  channel: Channel;

  @Field(() => [String], {
    defaultValue: [],
    description: "Namespaces of the identifiers that may leave; nothing else does. At most 100.",
  })
  identifiers: string[];

  @Field(() => [String], {
    defaultValue: [],
    description: "Names of the traits that may leave; nothing else does. At most 100.",
  })
  traits: string[];
}

@InputType("SyncNameInput", { description: "Names a sync." })
export class SyncNameInput {
  @Field(() => String, { description: "Name of the sync." })
  name: string;
}

@ObjectType("SyncPayload", { description: "A sync after a change." })
export class SyncPayload {
  @Field(() => SyncType, { nullable: true, description: "The sync; null when refused." })
  sync: SyncType | null;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}
