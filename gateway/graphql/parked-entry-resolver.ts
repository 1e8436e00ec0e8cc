import { Arg, Ctx, Field, Int, ObjectType, Query, Resolver } from "type-graphql";
import type { Database } from "../../kernel/database/database.ts";
import {
  badCursor,
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../kernel/federation/connection.ts";
import { maskJson, maskText } from "../../kernel/federation/mask.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { requires } from "../../kernel/federation/requires.ts";
import { Json } from "../../kernel/federation/scalars.ts";
import { readParked } from "../../kernel/streams/parked-entries.ts";

@ObjectType("ParkedEntry", {
  description:
    "An entry of a stream that a part could not work off, three times and by itself: it was passed over, so " +
    "that those behind it go on. A healthy platform has none; each is a fault of ours to be reported.",
})
export class ParkedEntryType {
  @Field(() => String, { description: "Who could not work it off, such as `identity`." })
  consumer: string;

  @Field(() => String, { description: "The stream that it reads, such as `events`." })
  stream: string;

  @Field(() => String, { description: "What went wrong; masked without `pii:read`." })
  reason: string;

  @Field(() => Date, { description: "When it was given up." })
  parkedAt: Date;

  @Field(() => Json, {
    nullable: true,
    description: "The entry itself, masked without `pii:read`; null: retention has removed it.",
  })
  payload: unknown;
}

@ObjectType("ParkedEntryConnection", { description: "A page of parked entries, newest first." })
export class ParkedEntryConnection extends connectionOf("ParkedEntry", () => ParkedEntryType) {}

/** What fell by the wayside, for operators. */
@Resolver()
export class ParkedEntryResolver {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  @Query(() => ParkedEntryConnection, {
    description: "Entries of streams that some part could not work off, newest first.",
  })
  @requires("events:read")
  async parkedEntries(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
  ): Promise<ParkedEntryConnection> {
    context.authorise("events:read");
    const size = pageSize(first);
    const before = decodeCursor("parkedEntries", after)?.[0];
    if (before !== undefined && typeof before !== "number") throw badCursor();
    const rows = await readParked(this.database, before ?? null, size + 1);
    return toConnection(
      rows,
      size,
      (row) => encodeCursor("parkedEntries", [row.number]),
      ({ entry: { consumer, stream, reason, parkedAt, payload } }) => ({
        consumer,
        stream,
        reason: maskText(context, reason),
        parkedAt,
        payload: maskJson(context, payload),
      }),
    );
  }
}
