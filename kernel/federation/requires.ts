import { Directive } from "type-graphql";
import type { Scope } from "../security/scopes.ts";

/** Says in the schema which scope a root field needs; the gateway refuses without it. */
export function requires(scope: Scope): MethodDecorator & PropertyDecorator {
  return Directive(`@requiresScopes(scopes: [["${scope}"]])`);
}
