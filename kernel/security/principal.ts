import type { Scope } from "./scopes.ts";

/** Who asks: an API key, a person with a token, or a part of the platform itself. */
export interface Principal {
  /** `key_…`, a token's subject, or `system`. Stands as `actor` in audit entries. */
  id: string;
  scopes: readonly Scope[];
}
