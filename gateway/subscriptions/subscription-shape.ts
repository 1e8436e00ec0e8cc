import {
  Kind,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
} from "graphql";
import type { FederatedRequest } from "../execution/federated-executor.ts";
import type { SubgraphResult } from "../transport/subgraph-transport.ts";

/** Where a subscription begins, and where in its results the cursor stands. */
export interface SubscriptionShape {
  /** Null: from now on. */
  after: string | null;
  /** The same for each equal subscriber: what is asked, and what he may see. */
  shareKey: string;
  /** The cursor of a result; null when the document does not select it. */
  cursorOf(result: SubgraphResult): string | null;
  selectsCursor: boolean;
  /** The same subscription, from a cursor on. */
  resumedAfter(cursor: string): FederatedRequest;
  /** The same subscription, from now on. */
  live(): FederatedRequest;
}

/** Reads the shape of a valid subscription (one root field). */
export function subscriptionShape(
  text: string,
  operation: OperationDefinitionNode,
  request: FederatedRequest,
): SubscriptionShape {
  const root = operation.selectionSet.selections.find((each) => each.kind === Kind.FIELD);
  const argument = root?.arguments?.find((each) => each.name.value === "after");
  const variable = argument?.value.kind === Kind.VARIABLE ? argument.value.name.value : null;
  const given = variable ? (request.variables[variable] ?? defaultOf(operation, variable)) : null;
  const literal = argument?.value.kind === Kind.STRING ? argument.value.value : null;
  const rootKey = root?.alias?.value ?? root?.name.value ?? "";
  const cursorKey = root ? cursorKeyOf(root) : null;
  const from = (cursor: string | null): FederatedRequest =>
    variable
      ? { ...request, variables: { ...request.variables, [variable]: cursor } }
      : { ...request, document: withAfter(request.document, operation, root, cursor) };
  return {
    after: given === null || given === undefined ? literal : String(given),
    shareKey: shareKeyOf(text, request, variable),
    selectsCursor: cursorKey !== null,
    cursorOf(result) {
      const entry = result.data?.[rootKey] as Record<string, unknown> | null | undefined;
      const cursor = cursorKey === null ? undefined : entry?.[cursorKey];
      return typeof cursor === "string" ? cursor : null;
    },
    resumedAfter: from,
    live: () => (variable || literal !== null ? from(null) : request),
  };
}

function shareKeyOf(text: string, request: FederatedRequest, afterVariable: string | null) {
  const variables = Object.entries(request.variables)
    .filter(([name]) => name !== afterVariable)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const scopes = [...request.principal.scopes].sort();
  return JSON.stringify([text, request.operationName ?? null, variables, scopes]);
}

function defaultOf(operation: OperationDefinitionNode, variable: string): string | null {
  const definition = operation.variableDefinitions?.find(
    (each) => each.variable.name.value === variable,
  );
  return definition?.defaultValue?.kind === Kind.STRING ? definition.defaultValue.value : null;
}

function cursorKeyOf(root: FieldNode): string | null {
  for (const selection of root.selectionSet?.selections ?? []) {
    if (selection.kind !== Kind.FIELD || selection.name.value !== "cursor") continue;
    if (!selection.directives?.length) return selection.alias?.value ?? "cursor";
  }
  return null;
}

function withAfter(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  root: FieldNode | undefined,
  cursor: string | null,
): DocumentNode {
  if (!root) return document;
  const others = (root.arguments ?? []).filter((each) => each.name.value !== "after");
  const after: ArgumentNode[] =
    cursor === null
      ? []
      : [
          {
            kind: Kind.ARGUMENT,
            name: { kind: Kind.NAME, value: "after" },
            value: { kind: Kind.STRING, value: cursor },
          },
        ];
  const selections = [{ ...root, arguments: [...others, ...after] }];
  const changed = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  const definitions = document.definitions.map((each) => (each === operation ? changed : each));
  return { ...document, definitions };
}
