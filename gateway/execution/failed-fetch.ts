import {
  type DocumentNode,
  Kind,
  OperationTypeNode,
  type FieldNode,
  type SelectionSetNode,
} from "graphql";
import type { ClientError } from "../../kernel/errors/to-client-error.ts";
import type { SubgraphRequest, SubgraphResult } from "../transport/subgraph-transport.ts";

type Path = readonly (string | number)[];

/**
 * The result of a request to which a subgraph gave no answer: the error at each field that was asked of
 * it, entity by entity, as if each resolver had failed. So a client finds it at the fields that are null.
 */
export function failedFetch(request: SubgraphRequest, error: ClientError): SubgraphResult {
  const paths = rootFieldsOf(request.document).flatMap((field) =>
    field.name.value === "_entities" ? entityPaths(field, request) : [[keyOf(field)]],
  );
  return { data: null, errors: paths.map((path) => ({ ...error, path })) };
}

function entityPaths(field: FieldNode, { variables }: SubgraphRequest): Path[] {
  const value = field.arguments?.find(({ name }) => name.value === "representations")?.value;
  const given = value?.kind === Kind.VARIABLE ? variables?.[value.name.value] : undefined;
  const representations = (given ?? []) as readonly { __typename?: string }[];
  return representations.flatMap(({ __typename: type }, index) =>
    fieldsOn(type, field.selectionSet).map((key) => [keyOf(field), index, key]),
  );
}

/** What is asked of an entity of that type, as keys of the answer. */
function fieldsOn(type: string | undefined, selections: SelectionSetNode | undefined): string[] {
  return (selections?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      return selection.name.value === "__typename" ? [] : [keyOf(selection)];
    }
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
    const condition = selection.typeCondition?.name.value;
    const isOfType = condition === undefined || condition === type;
    return isOfType ? fieldsOn(type, selection.selectionSet) : [];
  });
}

function rootFieldsOf({ definitions }: DocumentNode): FieldNode[] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION &&
    definition.operation !== OperationTypeNode.SUBSCRIPTION
      ? definition.selectionSet.selections.filter((each) => each.kind === Kind.FIELD)
      : [],
  );
}

function keyOf(field: FieldNode): string {
  return field.alias?.value ?? field.name.value;
}
