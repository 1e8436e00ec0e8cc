import { Kind, type ArgumentNode, type FieldNode, type OperationDefinitionNode } from "graphql";
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

/** Reads the shape of a valid, flat subscription (one root field) with its variables coerced. */
export function subscriptionShape(
  text: string,
  operation: OperationDefinitionNode,
  request: FederatedRequest,
): SubscriptionShape {
  const root = operation.selectionSet.selections[0] as FieldNode;
  const argument = root.arguments?.find((each) => each.name.value === "after");
  const variable = argument?.value.kind === Kind.VARIABLE ? argument.value.name.value : null;
  const isCursor = argument?.value.kind === Kind.STRING || argument?.value.kind === Kind.INT;
  const literal = isCursor ? argument.value.value : null;
  const given = variable === null ? literal : request.variables[variable];
  const rootKey = root.alias?.value ?? root.name.value;
  const cursorKey = cursorKeyOf(root);
  const from = (cursor: string | null): FederatedRequest =>
    variable === null
      ? { ...request, document: documentAfter(operation, root, cursor) }
      : { ...request, variables: { ...request.variables, [variable]: cursor } };
  return {
    after: given === null || given === undefined ? null : String(given),
    shareKey: shareKeyOf(text, request, variable),
    selectsCursor: cursorKey !== null,
    cursorOf(result) {
      const entry = result.data?.[rootKey] as Record<string, unknown> | null | undefined;
      const cursor = cursorKey === null ? undefined : entry?.[cursorKey];
      return typeof cursor === "string" ? cursor : null;
    },
    resumedAfter: from,
    live: () => (argument ? from(null) : request),
  };
}

function shareKeyOf(text: string, request: FederatedRequest, afterVariable: string | null) {
  const variables = Object.entries(request.variables)
    .filter(([name]) => name !== afterVariable)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const scopes = [...request.principal.scopes].sort();
  return JSON.stringify([text, request.operationName ?? null, variables, scopes]);
}

function cursorKeyOf(root: FieldNode): string | null {
  for (const selection of root.selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD && selection.name.value === "cursor") {
      return selection.alias?.value ?? "cursor";
    }
  }
  return null;
}

function documentAfter(
  operation: OperationDefinitionNode,
  root: FieldNode,
  cursor: string | null,
): FederatedRequest["document"] {
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
  return { kind: Kind.DOCUMENT, definitions: [changed] };
}
