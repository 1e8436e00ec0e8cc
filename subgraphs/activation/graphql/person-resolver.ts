import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
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
import type { DeliveryRecord } from "../store/delivery-record.ts";
import { DeliveryConnection, DeliveryType } from "./delivery-type.ts";
import { PersonType } from "./reference-types.ts";
import { toDelivery } from "./to-graphql.ts";

@Resolver(() => PersonType)
export class PersonResolver {
  private readonly ledger: LedgerService;

  constructor(ledger: LedgerService) {
    this.ledger = ledger;
  }

  @FieldResolver(() => DeliveryConnection, {
    nullable: true,
    description: "What was sent about the person, newest first; under former ids too.",
  })
  @requires("profiles:read")
  async deliveries(
    @Root() root: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, at most 500; default 20." })
    first?: number,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string,
  ): Promise<ConnectionOf<DeliveryType>> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const key = decodeCursor("deliveries", after)?.[0];
    const before = key === undefined ? null : String(key);
    const loader = context.loader<string, DeliveryRecord[]>(
      `activation.deliveriesOf ${size} ${before}`,
      async (ids) => {
        const found = await this.ledger.ofPersons(ids, before, size + 1);
        return ids.map((id) => found.get(id) ?? []);
      },
    );
    const rows = await loader.load(root.id);
    return toConnection(rows, size, (row) => encodeCursor("deliveries", [row.id]), toDelivery);
  }
}
