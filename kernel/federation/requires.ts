import { Directive } from "type-graphql";
import type { Scope } from "../security/scopes.ts";

/**
 * Says in the schema which scope a field needs, any of several; the gateway refuses without, before
 * anything runs. Root fields have it, and whatever of an object is more than what its writer wrote: the
 * payload of a mutation is no way round the scope to read.
 */
export function requires(...anyOf: [Scope, ...Scope[]]): MethodDecorator & PropertyDecorator {
  return Directive(`@requiresScopes(scopes: [${anyOf.map((scope) => `["${scope}"]`).join(", ")}])`);
}
