import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import {
  type ConnectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { Destination, DestinationState } from "../domain/destination.ts";
import type { DeletionService } from "../service/deletion-service.ts";
import type { DestinationService, Outcome } from "../service/destination-service.ts";
import type { LedgerService } from "../service/ledger-service.ts";
import type { SyncService } from "../service/sync-service.ts";
import {
  CreateDestinationInput,
  DeleteDestinationInput,
  DestinationBacklogType,
  DestinationConnection,
  DestinationKindType,
  DestinationNameInput,
  DestinationPayload,
  DestinationSecretPayload,
  DestinationType,
  UpdateDestinationInput,
} from "./destination-type.ts";
import { SyncType } from "./sync-type.ts";
import { toDestination, toSync } from "./to-graphql.ts";

@Resolver(() => DestinationType)
export class DestinationResolver {
  private readonly service: DestinationService;
  private readonly syncService: SyncService;
  private readonly ledger: LedgerService;
  private readonly deletions: DeletionService;

  constructor(
    service: DestinationService,
    deletions: DeletionService,
    syncService: SyncService,
    ledger: LedgerService,
  ) {
    this.service = service;
    this.deletions = deletions;
    this.syncService = syncService;
    this.ledger = ledger;
  }

  @Query(() => DestinationType, {
    nullable: true,
    description: "A destination by name; a deleted one as long as the ledger may name it.",
  })
  @requires("profiles:read")
  async destination(
    @Ctx() context: RequestContext,
    @Arg("name", () => String, { description: "Name of the destination." }) name: string,
  ): Promise<DestinationType | null> {
    context.authorise("profiles:read");
    return this.load(context, name);
  }

  @Query(() => DestinationConnection, {
    description: "All destinations but deleted ones, by name.",
  })
  @requires("profiles:read")
  async destinations(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, at most 500; default 20." })
    first?: number,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string,
  ): Promise<ConnectionOf<DestinationType>> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const rows = await this.service.page(
      String(decodeCursor("destinations", after)?.[0] ?? ""),
      size + 1,
    );
    return toConnection(
      rows,
      size,
      (row) => encodeCursor("destinations", [row.name]),
      (row) => this.present(row),
    );
  }

  @Query(() => [DestinationKindType], { description: "The kinds of destinations there are." })
  @requires("profiles:read")
  destinationKinds(@Ctx() context: RequestContext): DestinationKindType[] {
    context.authorise("profiles:read");
    return this.service.kinds().map(({ kind, title, form }) => ({ kind, title, form }));
  }

  @Mutation(() => DestinationSecretPayload, { description: "Defines a destination." })
  @requires("activation:write")
  async createDestination(
    @Ctx() context: RequestContext,
    @Arg("input", () => CreateDestinationInput, { description: "The destination." })
    input: CreateDestinationInput,
  ): Promise<DestinationSecretPayload> {
    context.authorise("activation:write");
    const { result, problems } = await this.service.create(input);
    return {
      destination: result && this.present(result.destination),
      signingSecret: result?.signingSecret ?? null,
      problems,
    };
  }

  @Mutation(() => DestinationPayload, { description: "Replaces the settings of a destination." })
  @requires("activation:write")
  async updateDestination(
    @Ctx() context: RequestContext,
    @Arg("input", () => UpdateDestinationInput, { description: "The new settings." })
    input: UpdateDestinationInput,
  ): Promise<DestinationPayload> {
    context.authorise("activation:write");
    return this.payload(await this.service.update(input.name, input.settings));
  }

  @Mutation(() => DestinationSecretPayload, {
    description: "Makes a new signing secret. The former one signs beside it for 24 hours.",
  })
  @requires("activation:write")
  async rotateSigningSecret(
    @Ctx() context: RequestContext,
    @Arg("input", () => DestinationNameInput, { description: "The destination." })
    input: DestinationNameInput,
  ): Promise<DestinationSecretPayload> {
    context.authorise("activation:write");
    const { result, problems } = await this.service.rotateSecret(input.name);
    return {
      destination: result && this.present(result.destination),
      signingSecret: result?.signingSecret ?? null,
      problems,
    };
  }

  @Mutation(() => DestinationPayload, {
    description: "Stops sending to a destination; what is to be sent waits.",
  })
  @requires("activation:write")
  pauseDestination(
    @Ctx() context: RequestContext,
    @Arg("input", () => DestinationNameInput, { description: "The destination." })
    input: DestinationNameInput,
  ): Promise<DestinationPayload> {
    return this.setState(context, input.name, "PAUSED");
  }

  @Mutation(() => DestinationPayload, {
    description: "Sends again to a destination that was paused or disabled.",
  })
  @requires("activation:write")
  resumeDestination(
    @Ctx() context: RequestContext,
    @Arg("input", () => DestinationNameInput, { description: "The destination." })
    input: DestinationNameInput,
  ): Promise<DestinationPayload> {
    return this.setState(context, input.name, "ACTIVE");
  }

  @Mutation(() => DestinationPayload, {
    description:
      "Ends a destination for good; its settings and secrets are removed. Refused while it has " +
      "syncs, unless `deleteSyncs` deletes them with it: as with `deleteSync`, nobody is told out, now " +
      "or later. The ledger keeps its lines. The name may be used again. Deleting it anew changes nothing.",
  })
  @requires("activation:write")
  async deleteDestination(
    @Ctx() context: RequestContext,
    @Arg("input", () => DeleteDestinationInput, { description: "The destination." })
    input: DeleteDestinationInput,
  ): Promise<DestinationPayload> {
    context.authorise("activation:write");
    const { name, deleteSyncs } = input;
    return this.payload(await this.deletions.deleteDestination(name, deleteSyncs));
  }

  @FieldResolver(() => [SyncType], {
    name: "syncs",
    nullable: true,
    description: "The syncs that send to it.",
  })
  async syncs(@Root() root: DestinationType, @Ctx() context: RequestContext): Promise<SyncType[]> {
    const loader = context.loader<string, SyncType[]>("activation.syncsOf", async (names) => {
      const all = await this.syncService.ofDestinations(names);
      return names.map((name) => all.filter((sync) => sync.destination === name).map(toSync));
    });
    return loader.load(root.name);
  }

  @FieldResolver(() => DestinationBacklogType, {
    nullable: true,
    description: "What has not arrived there.",
  })
  async backlog(
    @Root() root: DestinationType,
    @Ctx() context: RequestContext,
  ): Promise<DestinationBacklogType> {
    const loader = context.loader<string, DestinationBacklogType>(
      "activation.backlogs",
      async (names) => {
        const found = await this.ledger.backlogs(names);
        return names.map((name) => found.get(name) ?? { waiting: 0, withheld: 0, dead: 0 });
      },
    );
    return loader.load(root.name);
  }

  /** Loads destinations by name, batched; null for none. */
  load(context: RequestContext, name: string): Promise<DestinationType | null> {
    return context
      .loader<string, DestinationType | null>("activation.destinations", async (names) => {
        const found = await this.service.byNames(names);
        const byName = new Map(found.map((one) => [one.name, this.present(one)]));
        return names.map((each) => byName.get(each) ?? null);
      })
      .load(name);
  }

  private async setState(
    context: RequestContext,
    name: string,
    state: DestinationState,
  ): Promise<DestinationPayload> {
    context.authorise("activation:write");
    return this.payload(await this.service.setState(name, state));
  }

  private payload({ result, problems }: Outcome<Destination>): DestinationPayload {
    return { destination: result && this.present(result), problems };
  }

  private present(destination: Destination): DestinationType {
    return toDestination(destination, this.service.visibleSettings(destination));
  }
}
