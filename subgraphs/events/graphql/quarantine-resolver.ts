import { Arg, Ctx, Int, Mutation, Query, Resolver } from "type-graphql";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { problem } from "../../../kernel/errors/problem.ts";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { maskFreeText, maskJson } from "../../../kernel/federation/mask.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { cleanText } from "../domain/clean-json.ts";
import type { QuarantinedEvent, QuarantineFilter as Filter } from "../domain/quarantine.ts";
import type { QuarantineService } from "../service/quarantine-service.ts";
import type { SourceReads } from "../service/source-reads.ts";
import type { EventType, QuarantineState } from "./enums.ts";
import {
  DiscardQuarantineInput,
  DiscardQuarantinePayload,
  QuarantinedEventConnection,
  QuarantinedEventType,
  QuarantineFilter,
  ReplayQuarantineInput,
  ReplayQuarantinePayload,
} from "./quarantine-types.ts";
import { toSource } from "./source-resolver.ts";
import type { SourceType } from "./source-types.ts";

@Resolver()
export class QuarantineResolver {
  private readonly service: QuarantineService;
  private readonly sources: SourceReads;

  constructor(service: QuarantineService, sources: SourceReads) {
    this.service = service;
    this.sources = sources;
  }

  @Query(() => QuarantinedEventConnection, {
    description:
      "Events that broke their contract, newest first; without a filter those that wait.",
  })
  @requires("events:read")
  async quarantinedEvents(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500, default 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
    @Arg("filter", () => QuarantineFilter, { nullable: true, description: "Which ones." })
    filter: QuarantineFilter | null,
  ): Promise<QuarantinedEventConnection> {
    context.authorise("events:read");
    const size = pageSize(first);
    const before = decodeCursor("quarantine", after);
    const asked = toFilter({ states: ["WAITING" as QuarantineState], ...dropNulls(filter) });
    const place = before === null ? null : placeOf(before);
    const rows = await this.service.page(asked, place, size + 1);
    const sources = await this.sourcesOf(rows);
    const toNode = (row: QuarantinedEvent) => toQuarantined(row, sources, context);
    const page = toConnection(rows, size, (row) => encodeCursor("quarantine", [row.place]), toNode);
    return { ...page, totalCount: await this.service.count(asked) };
  }

  @Mutation(() => ReplayQuarantinePayload, {
    description: "Reads waiting events again, patched, under the present contracts.",
  })
  @requires("events:write")
  async replayQuarantine(
    @Ctx() context: RequestContext,
    @Arg("input", () => ReplayQuarantineInput, { description: "Which ones, and how to mend them." })
    input: ReplayQuarantineInput,
  ): Promise<ReplayQuarantinePayload> {
    context.authorise("events:write");
    const { patch = null } = input;
    if (patch !== null && (typeof patch !== "object" || Array.isArray(patch))) {
      const problems = [problem("INVALID_PATCH", "A patch is a JSON object.", ["patch"])];
      return { matched: 0, replayed: 0, waiting: 0, problems };
    }
    const result = await this.service.replay(toFilter(input.filter), patch, input.dryRun);
    return { ...result, problems: [] };
  }

  @Mutation(() => DiscardQuarantinePayload, {
    description: "Lets waiting events go, with a reason.",
  })
  @requires("events:write")
  async discardQuarantine(
    @Ctx() context: RequestContext,
    @Arg("input", () => DiscardQuarantineInput, { description: "Which ones, and why." })
    input: DiscardQuarantineInput,
  ): Promise<DiscardQuarantinePayload> {
    context.authorise("events:write");
    const result = await this.service.discard(toFilter(input.filter), cleanText(input.reason));
    if (typeof result === "number") return { discarded: result, problems: [] };
    return { discarded: 0, problems: result };
  }

  private async sourcesOf(rows: readonly QuarantinedEvent[]): Promise<Map<string, SourceType>> {
    const names = [...new Set(rows.map((row) => row.source))];
    const sources = await this.sources.byNames(names);
    return new Map(
      sources.flatMap((source) => (source ? [[source.name, toSource(source)] as const] : [])),
    );
  }
}

function placeOf(key: readonly (string | number)[]): number {
  if (Number.isSafeInteger(key[0])) return key[0] as number;
  throw new DomainError("BAD_CURSOR", "This is not a cursor of the quarantine.");
}

function dropNulls(filter: QuarantineFilter | null): QuarantineFilter {
  const given = Object.entries(filter ?? {}).filter(([, value]) => value !== null);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

function toFilter(filter: QuarantineFilter): Filter {
  return {
    sources: filter.sources?.map(cleanText) ?? null,
    events: filter.events?.map(cleanText) ?? null,
    messageIds: filter.messageIds?.map(cleanText) ?? null,
    states: filter.states ?? null,
    receivedFrom: filter.receivedFrom ?? null,
    receivedUntil: filter.receivedUntil ?? null,
  };
}

function toQuarantined(
  row: QuarantinedEvent,
  sources: ReadonlyMap<string, SourceType>,
  context: RequestContext,
): QuarantinedEventType {
  return {
    messageId: row.messageId,
    source: sources.get(row.source) ?? null,
    type: row.type as EventType,
    event: row.event,
    contractVersion: row.contractVersion,
    receivedAt: row.receivedAt,
    violations: row.violations.map(({ path, rule, message }) => ({
      path: maskFreeText(context, path),
      rule,
      message: maskFreeText(context, message),
    })),
    payload: maskJson(context, row.payload),
    state: row.state as QuarantineState,
    settledAt: row.settledAt,
    reason: maskFreeText(context, row.reason),
  };
}
