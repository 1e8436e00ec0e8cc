import { Directive } from "type-graphql";
import type { Scope } from "../security/scopes.ts";

/** Says in the schema which scope a root field needs, any of several; the gateway refuses without. */
export function requires(...anyOf: [Scope, ...Scope[]]): MethodDecorator & PropertyDecorator {
  return Directive(`@requiresScopes(scopes: [${anyOf.map((scope) => `["${scope}"]`).join(", ")}])`);
}
