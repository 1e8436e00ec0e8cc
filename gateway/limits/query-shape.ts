import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { QueryLimits } from "./query-limits.ts";

interface Counts {
  aliases: number;
  directives: number;
  fields: number;
}

/**
 * Throws QUERY_TOO_EXPENSIVE when the operation, its fragments expanded, is deeper or wider than the
 * limits allow. Runs before validation, whose time grows faster than the document; so it meets
 * fragments that are unknown (left to validation) or that contain themselves (ended by the depth).
 */
export function checkQueryShape(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  limits: QueryLimits,
): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const counts: Counts = { aliases: 0, directives: operation.directives?.length ?? 0, fields: 0 };
  walk(operation.selectionSet, 1, 0);

  function walk(selectionSet: SelectionSetNode, depth: number, nesting: number): void {
    refuseAbove("depth", depth, limits.depthMax);
    refuseAbove("nesting of fragments", nesting, limits.depthMax * 2);
    for (const selection of selectionSet.selections) {
      counts.directives += selection.directives?.length ?? 0;
      refuseAbove("number of directives", counts.directives, limits.directivesMax);
      counts.fields += 1;
      refuseAbove("number of selections", counts.fields, limits.fieldsMax);
      if (selection.kind === Kind.FIELD) {
        counts.aliases += selection.alias ? 1 : 0;
        refuseAbove("number of aliases", counts.aliases, limits.aliasesMax);
        if (selection.selectionSet && !selection.name.value.startsWith("__")) {
          walk(selection.selectionSet, depth + 1, 0);
        }
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (inner) walk(inner.selectionSet, depth, nesting + 1);
      }
    }
  }
}

function refuseAbove(what: string, actual: number, max: number): void {
  if (actual <= max) return;
  const message = `The operation is too large: its ${what} exceeds ${max}.`;
  throw new DomainError("QUERY_TOO_EXPENSIVE", message, { details: { limit: max } });
}
