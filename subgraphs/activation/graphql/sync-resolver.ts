import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import { problem } from "../../../kernel/errors/problem.ts";
import {
  type ConnectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { DeletionService } from "../service/deletion-service.ts";
import type { SyncState } from "../domain/sync.ts";
import type { SyncService } from "../service/sync-service.ts";
import type { DestinationResolver } from "./destination-resolver.ts";
import { DestinationType } from "./destination-type.ts";
import {
  CreateSyncInput,
  SyncConnection,
  SyncNameInput,
  SyncPayload,
  SyncType,
} from "./sync-type.ts";
import { toSync } from "./to-graphql.ts";

@Resolver(() => SyncType)
export class SyncResolver {
  private readonly service: SyncService;
  private readonly deletions: DeletionService;
  private readonly destinations: DestinationResolver;

  constructor(service: SyncService, deletions: DeletionService, destinations: DestinationResolver) {
    this.service = service;
    this.deletions = deletions;
    this.destinations = destinations;
  }

  @Query(() => SyncType, {
    nullable: true,
    description: "A sync by name; a deleted one as long as the ledger may name it.",
  })
  @requires("profiles:read")
  async sync(
    @Ctx() context: RequestContext,
    @Arg("name", () => String, { description: "Name of the sync." }) name: string,
  ): Promise<SyncType | null> {
    context.authorise("profiles:read");
    return this.load(context, name);
  }

  @Query(() => SyncConnection, { description: "All syncs but deleted ones, by name." })
  @requires("profiles:read")
  async syncs(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, at most 500; default 20." })
    first?: number,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string,
  ): Promise<ConnectionOf<SyncType>> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const rows = await this.service.page(String(decodeCursor("syncs", after)?.[0] ?? ""), size + 1);
    return toConnection(rows, size, (row) => encodeCursor("syncs", [row.name]), toSync);
  }

  @Mutation(() => SyncPayload, {
    description: "Defines a sync. The present members of its audience are told at once.",
  })
  @requires("activation:write")
  async createSync(
    @Ctx() context: RequestContext,
    @Arg("input", () => CreateSyncInput, { description: "The sync." }) input: CreateSyncInput,
  ): Promise<SyncPayload> {
    context.authorise("activation:write");
    const { audience, profiles } = input.subject;
    if (Boolean(audience) === Boolean(profiles)) {
      const message = "Name an audience, or set profiles to true.";
      const path = ["subject"];
      return { sync: null, problems: [problem("INVALID_SUBJECT", message, path)] };
    }
    const { name, destination, purpose, channel, identifiers, traits } = input;
    const { result, problems } = await this.service.create({
      name,
      destination,
      purpose,
      channel,
      identifiers,
      traits,
      audience: audience ?? null,
    });
    return { sync: result && toSync(result), problems };
  }

  @Mutation(() => SyncPayload, { description: "Stops a sync; what is to be told waits." })
  @requires("activation:write")
  pauseSync(
    @Ctx() context: RequestContext,
    @Arg("input", () => SyncNameInput, { description: "The sync." }) input: SyncNameInput,
  ): Promise<SyncPayload> {
    return this.setState(context, input.name, "PAUSED");
  }

  @Mutation(() => SyncPayload, { description: "Goes on with a sync; what has waited is told." })
  @requires("activation:write")
  resumeSync(
    @Ctx() context: RequestContext,
    @Arg("input", () => SyncNameInput, { description: "The sync." }) input: SyncNameInput,
  ): Promise<SyncPayload> {
    return this.setState(context, input.name, "ACTIVE");
  }

  @Mutation(() => SyncPayload, {
    description:
      "Ends a sync for good. What was not delivered stays in the ledger as CANCELLED; an attempt " +
      "under way ends in its own time. The destination keeps whom it was told of: nobody is told " +
      "out, and withdrawals after this are not told there. The name may be used again. Deleting " +
      "it anew changes nothing.",
  })
  @requires("activation:write")
  async deleteSync(
    @Ctx() context: RequestContext,
    @Arg("input", () => SyncNameInput, { description: "The sync." }) input: SyncNameInput,
  ): Promise<SyncPayload> {
    context.authorise("activation:write");
    const { result, problems } = await this.deletions.deleteSync(input.name);
    return { sync: result && toSync(result), problems };
  }

  @FieldResolver(() => DestinationType, { nullable: true, description: "Where it sends." })
  destination(
    @Root() root: SyncType,
    @Ctx() context: RequestContext,
  ): Promise<DestinationType | null> {
    return this.destinations.load(context, root.destination!.name);
  }

  /** Loads syncs by name, batched; null for none. */
  load(context: RequestContext, name: string): Promise<SyncType | null> {
    return context
      .loader<string, SyncType | null>("activation.syncs", async (names) => {
        const found = await this.service.byNames(names);
        const byName = new Map(found.map((one) => [one.name, toSync(one)]));
        return names.map((each) => byName.get(each) ?? null);
      })
      .load(name);
  }

  private async setState(
    context: RequestContext,
    name: string,
    state: SyncState,
  ): Promise<SyncPayload> {
    context.authorise("activation:write");
    const { result, problems } = await this.service.setState(name, state);
    return { sync: result && toSync(result), problems };
  }
}
