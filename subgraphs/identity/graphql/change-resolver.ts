import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import {
  IdentityChangeConnection,
  IdentityChangeFilter,
  IdentityChangeType,
  toChangeType,
} from "./change-types.ts";

/** What happened to persons, and why. */
@Resolver(() => IdentityChangeType)
export class ChangeResolver {
  private readonly reader: IdentityReader;

  constructor(reader: IdentityReader) {
    this.reader = reader;
  }

  @Query(() => IdentityChangeConnection, { description: "The audit log, newest first." })
  @requires("profiles:read")
  async identityChanges(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first?: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string | null,
    @Arg("filter", () => IdentityChangeFilter, { nullable: true, description: "Which changes." })
    filter?: IdentityChangeFilter | null,
  ): Promise<IdentityChangeConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const place = decodeCursor("identityChanges", after)?.[0];
    const rows = await this.reader.listAudit(
      { personId: filter?.personId ?? null, kinds: filter?.kinds ?? null },
      { limit: size + 1, after: place === undefined ? null : String(place) },
    );
    return toConnection(
      rows,
      size,
      ({ sortKey }) => encodeCursor("identityChanges", [sortKey]),
      ({ entry }) => toChangeType(entry, context),
    );
  }

  @FieldResolver(() => IdentityChangeType, {
    nullable: true,
    description: "The change that this one took back.",
  })
  reverts(@Root() change: IdentityChangeType, @Ctx() context: RequestContext) {
    return this.changeOf(change.entry.reverts, context);
  }

  @FieldResolver(() => IdentityChangeType, {
    nullable: true,
    description: "The change that took this one back.",
  })
  async revertedBy(@Root() change: IdentityChangeType, @Ctx() context: RequestContext) {
    if (change.entry.revertedBy !== undefined)
      return this.changeOf(change.entry.revertedBy, context);
    // From a stream: the entry was told before anybody could revert it.
    const now = await this.loader(context).load(change.id);
    return this.changeOf(now?.revertedBy ?? null, context);
  }

  /** The change of an id; null when there is none. */
  async changeOf(id: string | null, context: RequestContext): Promise<IdentityChangeType | null> {
    const entry = id === null ? null : await this.loader(context).load(id);
    return entry && toChangeType(entry, context);
  }

  private loader(context: RequestContext) {
    return context.loader<string, AuditEntry | null>("audit-entries", async (ids) => {
      const found = await this.reader.auditEntries(ids);
      return ids.map((id) => found.get(id) ?? null);
    });
  }
}
