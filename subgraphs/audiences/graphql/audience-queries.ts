import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import {
  badCursor,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { cursorOf } from "../../../kernel/streams/cursor.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { type Audience, activeVersionOf } from "../domain/audience.ts";
import type { AudiencePreviewer } from "../service/audience-preview.ts";
import type { AudienceReading, MemberPlace } from "../service/audience-reading.ts";
import { AudienceRuleInput } from "./audience-rule-input.ts";
import {
  AudienceConnection,
  AudienceMemberConnection,
  AudienceType,
  PersonType,
  toAudienceType,
} from "./audience-types.ts";

const sampleDefault = 10;
const sampleMax = 100;

@ObjectType("AudiencePreview", { description: "Who would be in an audience with this rule now." })
export class AudiencePreviewType {
  @Field(() => Int, {
    nullable: true,
    description: "How many persons meet the rule, of those looked at; null: the rule was refused.",
  })
  count: number | null;

  /** Held for the field `sample`. */
  named: PersonType[];
  testsValues: boolean;

  @Field(() => Int, { description: "How many persons were looked at." })
  personsScanned: number;

  @Field(() => Boolean, {
    description: "Whether everybody was looked at, so that `count` is exact; false: time ran out.",
  })
  isComplete: boolean;

  @Field(() => [ProblemType], { description: "What is wrong with the rule." })
  problems: ProblemType[];
}

const show = (audience: Audience) => toAudienceType(audience, activeVersionOf(audience));

/** The loader of audiences by name, shared by every resolver of the operation. */
export function audienceLoader(context: RequestContext, reading: AudienceReading) {
  return context.loader<string, Audience | null>("audiences-by-name", async (names) => {
    const found = new Map((await reading.byNames(names)).map((each) => [each.name, each]));
    return names.map((name) => found.get(name) ?? null);
  });
}

/** Finds the audience that another subgraph names. */
export function resolveAudience(reading: AudienceReading) {
  return async ({ name }: { name: string }, context: RequestContext) => {
    const audience = await audienceLoader(context, reading).load(name);
    return audience && show(audience);
  };
}

function placeOf(after: string | null | undefined): MemberPlace | null {
  const key = decodeCursor("members", after);
  if (!key) return null;
  const [personId, streamPosition] = key;
  if (typeof personId === "string" && typeof streamPosition === "number") {
    return { personId, streamPosition };
  }
  throw badCursor();
}

@Resolver(() => AudiencePreviewType)
export class AudiencePreviewFields {
  @FieldResolver(() => [PersonType], {
    description:
      "Some of them, the longest known first. Where the rule tests values of traits or properties, this " +
      "needs the scope `pii:read`: asked often enough, it would tell what is masked.",
  })
  sample(@Root() preview: AudiencePreviewType, @Ctx() context: RequestContext): PersonType[] {
    if (preview.testsValues) context.authorise("pii:read");
    return preview.named;
  }
}

@Resolver(() => AudienceType)
export class AudienceQueries {
  private readonly reading: AudienceReading;
  private readonly previewer: AudiencePreviewer;

  constructor(reading: AudienceReading, previewer: AudiencePreviewer) {
    this.reading = reading;
    this.previewer = previewer;
  }

  @Query(() => AudienceType, { nullable: true, description: "An audience; null: there is none." })
  @requires("profiles:read")
  async audience(
    @Arg("name", () => String, { description: "Its name." }) name: string,
    @Ctx() context: RequestContext,
  ): Promise<AudienceType | null> {
    context.authorise("profiles:read");
    const [audience] = await this.reading.byNames([name]);
    return audience ? show(audience) : null;
  }

  @Query(() => AudienceConnection, { description: "All audiences, by name." })
  @requires("profiles:read")
  async audiences(
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
    @Ctx() context: RequestContext,
  ): Promise<AudienceConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const place = String(decodeCursor("audiences", after)?.[0] ?? "");
    const rows = await this.reading.audiences(place, size + 1);
    return toConnection(rows, size, (audience) => encodeCursor("audiences", [audience.name]), show);
  }

  @Query(() => AudiencePreviewType, {
    description: "Tries a rule on everybody that is known, changing nothing.",
  })
  @requires("profiles:read")
  async previewAudience(
    @Arg("rule", () => AudienceRuleInput, { description: "The rule." }) rule: AudienceRuleInput,
    @Arg("sample", () => Int, {
      nullable: true,
      description: "How many persons to name, 0–100; default 10.",
    })
    sample: number | null,
    @Ctx() context: RequestContext,
  ): Promise<AudiencePreviewType> {
    context.authorise("profiles:read");
    const size = sample ?? sampleDefault;
    if (size < 0 || size > sampleMax) {
      throw new DomainError("BAD_INPUT", `\`sample\` must be from 0 to ${sampleMax}.`);
    }
    const preview = await this.previewer.preview(rule, size);
    return { ...preview, named: preview.sample.map((id) => ({ id })) };
  }

  @FieldResolver(() => Int, { description: "How many persons are members now." })
  @requires("profiles:read")
  memberCount(@Root() audience: AudienceType, @Ctx() context: RequestContext): number {
    context.authorise("profiles:read");
    return audience.source.memberCount;
  }

  @FieldResolver(() => AudienceMemberConnection, { description: "Its members, in a fixed order." })
  @requires("profiles:read")
  async members(
    @Root() audience: AudienceType,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
    @Ctx() context: RequestContext,
  ): Promise<AudienceMemberConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const place = placeOf(after);
    const page = await this.reading.members(audience.source.id, place, size);
    const connection = toConnection(
      page.members,
      size,
      (row) => encodeCursor("members", [row.personId, page.streamPosition]),
      (row) => ({
        person: { id: row.personId },
        enteredAt: row.enteredAt!,
        version: row.version,
      }),
    );
    connection.pageInfo.hasNextPage = page.hasNextPage;
    return { ...connection, streamCursor: cursorOf("memberships", page.streamPosition) };
  }
}
