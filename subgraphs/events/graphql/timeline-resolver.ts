import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { maskJson, maskText } from "../../../kernel/federation/mask.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { cleanText } from "../domain/clean-json.ts";
import { isEventInstant } from "../domain/event-instant.ts";
import { filterKey, type TimelineFilter, type TimelineKey } from "../domain/timeline.ts";
import type { EventReads } from "../service/event-reads.ts";
import type { SourceReads } from "../service/source-reads.ts";
import type { TimelineEntry, TimelinePage, TimelineService } from "../service/timeline-service.ts";
import type { EventType } from "./enums.ts";
import { toSource } from "./source-resolver.ts";
import { SourceType } from "./source-types.ts";
import {
  PersonType,
  TimelineConnection,
  TimelineEventType,
  TimelineFilterInput,
} from "./timeline-types.ts";

@Resolver(() => PersonType)
export class TimelineResolver {
  private readonly timelines: TimelineService;

  constructor(timelines: TimelineService) {
    this.timelines = timelines;
  }

  @FieldResolver(() => TimelineConnection, {
    nullable: true,
    description: "What the person did, newest first by event time.",
  })
  @requires("profiles:read")
  async timeline(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500, default 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
    @Arg("filter", () => TimelineFilterInput, { nullable: true, description: "Which events." })
    filter: TimelineFilterInput | null,
  ): Promise<TimelineConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const page = { after: keyOf(after), filter: toFilter(filter), limit: size + 1 };
    const entries = await this.load(context, person.id, page);
    const cursor = (entry: TimelineEntry) => encodeCursor("timeline", [...entry.key]);
    return toConnection(entries, size, cursor, ({ event }) => toTimelineEvent(event, context));
  }

  /** Persons that are asked for the same page are read together. */
  private load(context: RequestContext, id: string, page: TimelinePage) {
    const name = `events.timeline:${page.limit}:${page.after?.join("-")}:${filterKey(page.filter)}`;
    const loader = context.loader(name, (ids: readonly string[]) =>
      this.timelines.pages(ids, page),
    );
    return loader.load(id);
  }
}

@Resolver(() => TimelineEventType)
export class EventResolver {
  private readonly events: EventReads;
  private readonly sources: SourceReads;

  constructor(events: EventReads, sources: SourceReads) {
    this.events = events;
    this.sources = sources;
  }

  @Query(() => TimelineEventType, {
    nullable: true,
    description: "An accepted event by its message id: where a delivery's chain begins.",
  })
  @requires("profiles:read")
  async event(
    @Ctx() context: RequestContext,
    @Arg("messageId", () => String, { description: "Its message id." }) messageId: string,
    @Arg("source", () => String, {
      nullable: true,
      description: "Its source; needed where two sources used the same message id.",
    })
    source: string | null,
  ): Promise<TimelineEventType | null> {
    context.authorise("profiles:read");
    const event = await this.events.byMessageId(
      cleanText(messageId),
      source == null ? null : cleanText(source),
    );
    return event && toTimelineEvent(event, context);
  }

  @FieldResolver(() => SourceType, { nullable: true, description: "Where it came from." })
  async source(
    @Root() event: TimelineEventType,
    @Ctx() context: RequestContext,
  ): Promise<SourceType | null> {
    const loader = context.loader("events.sources", (names: readonly string[]) =>
      this.sources.byNames(names),
    );
    const source = event.source && (await loader.load(event.source.name));
    return source && toSource(source);
  }
}

function keyOf(after: string | null): TimelineKey | null {
  const key = decodeCursor("timeline", after);
  if (key === null) return null;
  const [at, position] = key;
  if (!isEventInstant(at) || !Number.isSafeInteger(position)) {
    throw new DomainError("BAD_CURSOR", "This is not a cursor of a timeline.");
  }
  return [at, position as number];
}

function toFilter(filter: TimelineFilterInput | null): TimelineFilter {
  return {
    names: filter?.names?.map(cleanText) ?? null,
    types: filter?.types ?? null,
    sources: filter?.sources?.map(cleanText) ?? null,
    from: filter?.from ?? null,
    until: filter?.until ?? null,
  };
}

function toTimelineEvent(event: AcceptedEvent, context: RequestContext): TimelineEventType {
  return {
    messageId: event.messageId,
    type: event.type as EventType,
    name: event.name,
    // Only its name; the field's resolver loads the rest, for all events at once.
    source: { name: event.source } as SourceType,
    occurredAt: new Date(event.occurredAt),
    receivedAt: new Date(event.receivedAt),
    identifiers: event.identifiers.map(({ namespace, value }) => {
      return { namespace, value: maskText(context, value) };
    }),
    properties: maskJson(context, event.properties),
    traits: maskJson(context, event.traits),
    context: maskJson(context, event.context),
    groupId: event.groupId,
  };
}
