import type { ResolveReference } from "../../../kernel/federation/build-subgraph.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { Profiles } from "../service/profiles.ts";
import type { AccountState } from "../store/graph-rows.ts";
import type { ChangeResolver } from "./change-resolver.ts";
import { personById } from "./person-resolver.ts";
import { toAccountType } from "./account-types.ts";
import { deviceKeyOf, toDeviceType } from "./use-types.ts";

interface ById {
  id: string;
}

/** How the gateway finds this subgraph's entities; batched within an operation. */
export function references(
  profiles: Profiles,
  changes: ChangeResolver,
): Record<string, ResolveReference> {
  return {
    // A merged id answers with its survivor.
    Person: ({ id }: ById, context) => personById(context, profiles, id),
    IdentityChange: ({ id }: ById, context) => changes.changeOf(id, context),
    Device: async ({ id }: ById, context) => {
      const key = deviceKeyOf(id);
      const device = key === null ? null : await devices(profiles, context).load(key);
      return device && toDeviceType(device, context);
    },
    Account: async ({ id }: ById, context) => {
      const account = await accounts(profiles, context).load(id);
      return account && toAccountType(account);
    },
  };
}

function devices({ reader }: Profiles, context: RequestContext) {
  return context.loader<string, KnownIdentifier | null>("devices-by-key", async (keys) => {
    const found = await reader.identifiersByKey(keys);
    return keys.map((key) => found.get(key) ?? null);
  });
}

function accounts({ reader }: Profiles, context: RequestContext) {
  return context.loader<string, AccountState | null>("accounts-by-id", async (ids) => {
    const found = await reader.accounts(ids);
    return ids.map((id) => found.get(id) ?? null);
  });
}
