import DataLoader from "dataloader";
import { DomainError } from "../errors/domain-error.ts";
import type { Principal } from "../security/principal.ts";
import type { Scope } from "../security/scopes.ts";

/** What every resolver of every subgraph gets; one per operation and subgraph, never shared. */
export class RequestContext {
  readonly principal: Principal;
  private readonly loaders = new Map<string, DataLoader<never, unknown>>();

  constructor(principal: Principal) {
    this.principal = principal;
  }

  may(scope: Scope): boolean {
    return this.principal.scopes.includes(scope);
  }

  /** Throws FORBIDDEN unless the caller has the scope. The first line of every root resolver. */
  authorise(scope: Scope): void {
    if (!this.may(scope)) {
      throw new DomainError("FORBIDDEN", `This needs the scope ${scope}.`, { details: { scope } });
    }
  }

  /**
   * The batching loader of that name, made on first use. `load` gets at most 500 distinct keys and gives
   * one value or Error per key, in order. Keys are compared by `String(key)` unless `keyOf` says otherwise.
   */
  loader<K, V>(
    name: string,
    load: (keys: readonly K[]) => Promise<(V | Error)[]>,
    keyOf: (key: K) => string = String,
  ): DataLoader<K, V, string> {
    const known = this.loaders.get(name);
    if (known) return known as unknown as DataLoader<K, V, string>;
    const made = new DataLoader<K, V, string>(load, { cacheKeyFn: keyOf, maxBatchSize: 500 });
    this.loaders.set(name, made as unknown as DataLoader<never, unknown>);
    return made;
  }
}
