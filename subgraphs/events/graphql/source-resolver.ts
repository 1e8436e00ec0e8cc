import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { cleanText } from "../domain/clean-json.ts";
import type { Source } from "../domain/source.ts";
import type { SourceReads } from "../service/source-reads.ts";
import type { SourceService } from "../service/source-service.ts";
import type { SourceKind } from "./enums.ts";
import {
  CreateSourceInput,
  DisableSourceInput,
  EnableSourceInput,
  RevokeWriteKeyInput,
  RotateWriteKeyInput,
  SourceConnection,
  SourcePayload,
  SourceStatisticsType,
  SourceType,
  SourceWithKeyPayload,
  WriteKeyType,
} from "./source-types.ts";

@Resolver(() => SourceType)
export class SourceResolver {
  private readonly service: SourceService;
  private readonly reads: SourceReads;

  constructor(service: SourceService, reads: SourceReads) {
    this.service = service;
    this.reads = reads;
  }

  @Query(() => SourceConnection, { description: "All sources, by name." })
  @requires("events:read")
  async sources(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500, default 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
  ): Promise<SourceConnection> {
    context.authorise("events:read");
    const size = pageSize(first);
    const key = decodeCursor("sources", after);
    const rows = await this.reads.page(key === null ? null : cleanText(String(key[0])), size + 1);
    return toConnection(rows, size, (source) => encodeCursor("sources", [source.name]), toSource);
  }

  @Query(() => SourceType, { nullable: true, description: "A source by its name." })
  @requires("events:read")
  async source(
    @Ctx() context: RequestContext,
    @Arg("name", () => String, { description: "Its name." }) name: string,
  ): Promise<SourceType | null> {
    context.authorise("events:read");
    const source = await this.service.byName(cleanText(name));
    return source && toSource(source);
  }

  @FieldResolver(() => SourceStatisticsType, {
    nullable: true,
    description: "Counts, about a second old; null without the scope `events:read`.",
  })
  async statistics(
    @Root() source: SourceType,
    @Ctx() context: RequestContext,
  ): Promise<SourceStatisticsType | null> {
    if (!context.may("events:read")) return null;
    const loader = context.loader("events.source-statistics", (names: readonly string[]) =>
      this.reads.statistics(names),
    );
    return loader.load(source.name);
  }

  @FieldResolver(() => [WriteKeyType], {
    nullable: true,
    description: "Its write keys, newest first; null without the scope `events:read`.",
  })
  async writeKeys(
    @Root() source: SourceType,
    @Ctx() context: RequestContext,
  ): Promise<WriteKeyType[] | null> {
    if (!context.may("events:read")) return null;
    const loader = context.loader("events.write-keys", (names: readonly string[]) =>
      this.reads.writeKeys(names),
    );
    return loader.load(source.name);
  }

  @Mutation(() => SourceWithKeyPayload, { description: "Defines a source; gives its write key." })
  @requires("events:write")
  async createSource(
    @Ctx() context: RequestContext,
    @Arg("input", () => CreateSourceInput, { description: "The new source." })
    input: CreateSourceInput,
  ): Promise<SourceWithKeyPayload> {
    context.authorise("events:write");
    const { name, title, kind } = input;
    return toPayloadWithKey(await this.service.create({ name, title: cleanText(title), kind }));
  }

  @Mutation(() => SourceWithKeyPayload, { description: "Gives a source another write key." })
  @requires("events:write")
  async rotateWriteKey(
    @Ctx() context: RequestContext,
    @Arg("input", () => RotateWriteKeyInput, { description: "Which source." })
    input: RotateWriteKeyInput,
  ): Promise<SourceWithKeyPayload> {
    context.authorise("events:write");
    return toPayloadWithKey(
      await this.service.rotateKey(cleanText(input.source), input.revokeOthers),
    );
  }

  @Mutation(() => SourcePayload, { description: "Revokes a write key; it stops working at once." })
  @requires("events:write")
  async revokeWriteKey(
    @Ctx() context: RequestContext,
    @Arg("input", () => RevokeWriteKeyInput, { description: "Which key." })
    input: RevokeWriteKeyInput,
  ): Promise<SourcePayload> {
    context.authorise("events:write");
    return toPayload(
      await this.service.revokeKey(cleanText(input.source), cleanText(input.prefix)),
    );
  }

  @Mutation(() => SourcePayload, { description: "Stops a source from sending; what came stays." })
  @requires("events:write")
  async disableSource(
    @Ctx() context: RequestContext,
    @Arg("input", () => DisableSourceInput, { description: "Which source." })
    input: DisableSourceInput,
  ): Promise<SourcePayload> {
    context.authorise("events:write");
    return toPayload(await this.service.disable(cleanText(input.name)));
  }

  @Mutation(() => SourcePayload, { description: "Lets a disabled source send again." })
  @requires("events:write")
  async enableSource(
    @Ctx() context: RequestContext,
    @Arg("input", () => EnableSourceInput, { description: "Which source." })
    input: EnableSourceInput,
  ): Promise<SourcePayload> {
    context.authorise("events:write");
    return toPayload(await this.service.enable(cleanText(input.name)));
  }
}

/** A source as the schema shows it; its other fields are answered when they are asked for. */
export function toSource(source: Source): SourceType {
  return { ...source, kind: source.kind as SourceKind };
}

function toPayloadWithKey(
  result: Awaited<ReturnType<SourceService["create"]>>,
): SourceWithKeyPayload {
  if (Array.isArray(result)) return { source: null, writeKey: null, problems: result };
  return { source: toSource(result.source), writeKey: result.writeKey, problems: [] };
}

function toPayload(result: Awaited<ReturnType<SourceService["disable"]>>): SourcePayload {
  if (Array.isArray(result)) return { source: null, problems: result };
  return { source: toSource(result), problems: [] };
}
