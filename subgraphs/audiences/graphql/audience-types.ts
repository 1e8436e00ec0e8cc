import { Directive, Field, ID, Int, ObjectType, registerEnumType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { Cursor, DateTime } from "../../../kernel/federation/scalars.ts";
import type { Audience, AudienceVersion } from "../domain/audience.ts";

export enum AudienceVersionState {
  DRAFT = "DRAFT",
  ACTIVATING = "ACTIVATING",
  ACTIVE = "ACTIVE",
  RETIRED = "RETIRED",
}

registerEnumType(AudienceVersionState, {
  name: "AudienceVersionState",
  description: "Where a version of an audience stands.",
  valuesConfig: {
    DRAFT: { description: "Written down; counts nobody" },
    ACTIVATING: { description: "The history that is there is being counted" },
    ACTIVE: { description: "Decides who is a member" },
    RETIRED: { description: "Replaced by another version, or switched off" },
  },
});

/** A person, as far as audiences are concerned; the rest comes from other subgraphs. */
@ObjectType("Person", { description: "One human, as resolved." })
@Directive('@key(fields: "id")')
export class PersonType {
  @Field(() => ID, { description: "Id of the person." })
  id: string;
}

@ObjectType("AudienceVersion", { description: "One version of an audience's rule." })
export class AudienceVersionType {
  @Field(() => Int, { description: "1, 2, 3 … within the audience." })
  number: number;

  @Field(() => AudienceVersionState, { description: "Where it stands." })
  state: AudienceVersionState;

  /** Shown by a resolver of its own. */
  rule: unknown;

  @Field(() => DateTime, { description: "When it was written down." })
  createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it came into force." })
  activatedAt: Date | null;

  @Field(() => DateTime, { nullable: true, description: "When it was replaced or switched off." })
  retiredAt: Date | null;
}

@ObjectType("Audience", {
  description: "A named and owned condition over persons, in versions; who meets it is a member.",
})
@Directive('@key(fields: "name")')
export class AudienceType {
  /** Held for the resolvers of its fields. */
  source: Audience;

  @Field(() => String, { description: "Unique name, as code and Git use it." })
  name: string;

  @Field(() => String, { description: "What people call it." })
  title: string;

  @Field(() => String, { nullable: true, description: "What it is for, in words." })
  description: string | null;

  @Field(() => String, { description: "Who answers for it." })
  owner: string;

  @Field(() => String, { nullable: true, description: "Name of the consent purpose it serves." })
  purpose: string | null;

  @Field(() => DateTime, { description: "When it was defined." })
  createdAt: Date;

  @Field(() => [AudienceVersionType], { description: "All versions, oldest first." })
  versions: AudienceVersionType[];

  @Field(() => AudienceVersionType, {
    nullable: true,
    description: "The version in force; while the first one is being counted, that one.",
  })
  activeVersion: AudienceVersionType | null;
}

@ObjectType("AudienceMember", { description: "A person who is a member of the audience." })
export class AudienceMemberType {
  @Field(() => PersonType, { description: "The member." })
  person: PersonType;

  @Field(() => DateTime, { description: "Since when." })
  enteredAt: Date;

  @Field(() => Int, { description: "Version of the audience that decided so." })
  version: number;
}

@ObjectType("AudienceMemberConnection", { description: "A page of the members of an audience." })
export class AudienceMemberConnection extends connectionOf(
  "AudienceMember",
  () => AudienceMemberType,
) {
  @Field(() => Cursor, {
    description:
      "The place in stream AUDIENCE_MEMBERSHIP at which the first page was read; all its pages have the same. " +
      "Read every page, then apply `audienceMembershipChanged(after: streamCursor)` in order, ENTERED as add and " +
      "EXITED as remove: you hold the audience exactly, for ever. (Some changes may be in the pages already: " +
      "adding or removing again changes nothing.)",
  })
  streamCursor: string;
}

@ObjectType("AudienceConnection", { description: "A page of audiences." })
export class AudienceConnection extends connectionOf("Audience", () => AudienceType) {}

@ObjectType("PersonAudience", { description: "An audience that the person is in." })
export class PersonAudienceType {
  @Field(() => AudienceType, { description: "The audience." })
  audience: AudienceType;

  @Field(() => Int, { description: "Version of the audience that decided so." })
  version: number;

  @Field(() => DateTime, { description: "Since when." })
  enteredAt: Date;
}

@ObjectType("PersonAudienceConnection", { description: "A page of the audiences of a person." })
export class PersonAudienceConnection extends connectionOf(
  "PersonAudience",
  () => PersonAudienceType,
) {
  @Field(() => Int, { description: "How many audiences the person is in." })
  totalCount: number;
}

function toVersionType(version: AudienceVersion): AudienceVersionType {
  return { ...version, state: version.state as AudienceVersionState };
}

/** An audience as the schema shows it. */
export function toAudienceType(audience: Audience, active: AudienceVersion | null): AudienceType {
  return {
    source: audience,
    name: audience.name,
    title: audience.title,
    description: audience.description,
    owner: audience.owner,
    purpose: audience.purpose,
    createdAt: audience.createdAt,
    versions: audience.versions.map(toVersionType),
    activeVersion: active && toVersionType(active),
  };
}
