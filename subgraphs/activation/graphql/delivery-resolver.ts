import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import {
  type ConnectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { LedgerService } from "../service/ledger-service.ts";
import {
  DeliveryFilter,
  ReplayDeliveriesInput,
  ReplayDeliveriesPayload,
} from "./delivery-inputs.ts";
import { DeliveryConnection, DeliveryType } from "./delivery-type.ts";
import type { DestinationResolver } from "./destination-resolver.ts";
import { DestinationType } from "./destination-type.ts";
import type { SyncResolver } from "./sync-resolver.ts";
import { SyncType } from "./sync-type.ts";
import { fromFilter, toDelivery } from "./to-graphql.ts";

@Resolver(() => DeliveryType)
export class DeliveryResolver {
  private readonly ledger: LedgerService;
  private readonly destinations: DestinationResolver;
  private readonly syncs: SyncResolver;

  constructor(ledger: LedgerService, destinations: DestinationResolver, syncs: SyncResolver) {
    this.ledger = ledger;
    this.destinations = destinations;
    this.syncs = syncs;
  }

  @Query(() => DeliveryType, { nullable: true, description: "A delivery with all its attempts." })
  @requires("profiles:read")
  async delivery(
    @Ctx() context: RequestContext,
    @Arg("id", () => ID, { description: "Id of the delivery." }) id: string,
  ): Promise<DeliveryType | null> {
    context.authorise("profiles:read");
    return this.load(context, id);
  }

  @Query(() => DeliveryConnection, { description: "The delivery ledger, newest first." })
  @requires("profiles:read")
  async deliveries(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, at most 500; default 20." })
    first?: number,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string,
    @Arg("filter", () => DeliveryFilter, { nullable: true, description: "Which; default all." })
    filter?: DeliveryFilter,
  ): Promise<ConnectionOf<DeliveryType>> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const before = decodeCursor("deliveries", after)?.[0];
    const rows = await this.ledger.page(
      fromFilter(filter),
      before === undefined ? null : String(before),
      size + 1,
    );
    return toConnection(rows, size, (row) => encodeCursor("deliveries", [row.id]), toDelivery);
  }

  @Mutation(() => ReplayDeliveriesPayload, {
    description:
      "Sends dead deliveries again, under the same ids; only what is still so and still allowed.",
  })
  @requires("activation:write")
  async replayDeliveries(
    @Ctx() context: RequestContext,
    @Arg("input", () => ReplayDeliveriesInput, { description: "Which, and why." })
    input: ReplayDeliveriesInput,
  ): Promise<ReplayDeliveriesPayload> {
    context.authorise("activation:write");
    const filter = fromFilter(input.filter);
    const actor = context.principal.id;
    const { result, problems } = await this.ledger.replay(filter, input.reason, actor);
    return { run: result, problems };
  }

  @FieldResolver(() => DestinationType, { nullable: true, description: "Where it goes." })
  destination(
    @Root() root: DeliveryType,
    @Ctx() context: RequestContext,
  ): Promise<DestinationType | null> {
    return this.destinations.load(context, root.destination!.name);
  }

  @FieldResolver(() => SyncType, { nullable: true, description: "The sync it belongs to." })
  sync(@Root() root: DeliveryType, @Ctx() context: RequestContext): Promise<SyncType | null> {
    return this.syncs.load(context, root.sync!.name);
  }

  /** Loads deliveries by id, batched; null for none. */
  load(context: RequestContext, id: string): Promise<DeliveryType | null> {
    return context
      .loader<string, DeliveryType | null>("activation.deliveries", async (ids) => {
        const found = await this.ledger.byIds(ids);
        return ids.map((each) => {
          const record = found.get(each);
          return record ? toDelivery(record) : null;
        });
      })
      .load(id);
  }
}
