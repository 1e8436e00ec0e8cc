import { Arg, Ctx, Int, Query, Resolver } from "type-graphql";
import type { Database } from "../../kernel/database/database.ts";
import {
  badCursor,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../kernel/federation/connection.ts";
import { maskJson, maskText } from "../../kernel/federation/mask.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { requires } from "../../kernel/federation/requires.ts";
import { readParked } from "../../kernel/streams/parked-entries.ts";
import { ParkedEntryConnection } from "./parked-entry-types.ts";

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
