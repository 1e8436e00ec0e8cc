import { Arg, Ctx, FieldResolver, Resolver, Root, Subscription } from "type-graphql";
import type { DeliveryStatusChange } from "../../../kernel/announcements/delivery-status-change.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Cursor } from "../../../kernel/federation/scalars.ts";
import { cursorOf } from "../../../kernel/streams/cursor.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import { DeliveryStatusChangeType } from "./delivery-inputs.ts";
import type { DeliveryResolver } from "./delivery-resolver.ts";
import { DeliveryType } from "./delivery-type.ts";
import { DeliveryStatusEnum } from "./enums.ts";

interface SubscriptionArguments {
  destinations?: string[] | null;
  after?: string | null;
}

const destinationsMax = 500;

/** The resolver of `deliveryStatusChanged` over these streams. */
export function statusSubscription(streams: Streams, deliveries: DeliveryResolver): object {
  @Resolver(() => DeliveryStatusChangeType)
  class StatusSubscription {
    @Subscription(() => DeliveryStatusChangeType, {
      description: "Deliveries as they reach a status, in order. Resumes without loss.",
      subscribe: ({ args, context }) => {
        (context as RequestContext).authorise("profiles:read");
        return follow(streams, args as SubscriptionArguments);
      },
    })
    @requires("profiles:read")
    deliveryStatusChanged(
      @Root() entry: StreamEntry,
      @Arg("destinations", () => [String], {
        nullable: true,
        description: "Only of these destinations, at most 500; omitted: all.",
      })
      _destinations?: string[],
      @Arg("after", () => Cursor, {
        nullable: true,
        description: 'Go on after this; omitted: from now on; "0": from the beginning.',
      })
      _after?: string,
    ): DeliveryStatusChangeType {
      return toStatusChange(entry);
    }

    @FieldResolver(() => DeliveryType, {
      nullable: true,
      description: "The delivery as it is now.",
    })
    delivery(
      @Root() root: DeliveryStatusChangeType,
      @Ctx() context: RequestContext,
    ): Promise<DeliveryType | null> {
      return deliveries.load(context, root.delivery!.id);
    }
  }
  return new StatusSubscription();
}

function toStatusChange(entry: StreamEntry): DeliveryStatusChangeType {
  const change = entry.payload as DeliveryStatusChange;
  return {
    cursor: cursorOf("deliveries", entry.position),
    occurredAt: new Date(change.occurredAt),
    status: DeliveryStatusEnum[change.status as keyof typeof DeliveryStatusEnum],
    delivery: { id: change.deliveryId } as DeliveryType,
  };
}

function follow(
  streams: Streams,
  { destinations, after }: SubscriptionArguments,
): AsyncIterableIterator<StreamEntry> {
  if (!destinations) return streams.subscribe("deliveries", { after });
  if (destinations.length > destinationsMax) {
    const message = `At most ${destinationsMax} destinations can be named.`;
    throw new DomainError("BAD_INPUT", message, { details: { max: destinationsMax } });
  }
  const wanted = new Set(destinations);
  return streams.subscribe("deliveries", {
    after,
    filter: (entry) => wanted.has((entry.payload as DeliveryStatusChange).destination),
  });
}
