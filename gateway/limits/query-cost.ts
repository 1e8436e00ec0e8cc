import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from "graphql";

/** Objects assumed in a list or connection that names no page size. */
const assumedListSize = 10;
const assumedPageSize = 20;
const pageSizeArguments = ["first", "sample"];

/** Costs remembered for one document, by the values of the variables that are page sizes. */
const rememberedMax = 100;
const remembered = new WeakMap<DocumentNode, { sizes: string[]; costs: Map<string, number> }>();

/** `queryCost`, remembered: a client asks the same with the same few page sizes. */
export function rememberedQueryCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  let known = remembered.get(document);
  if (!known) {
    known = { sizes: pageSizeVariables(document), costs: new Map() };
    remembered.set(document, known);
  }
  const name = operation.name?.value ?? "";
  const key = JSON.stringify([name, ...known.sizes.map((each) => variables[each] ?? null)]);
  const cost = known.costs.get(key) ?? queryCost(schema, document, operation, variables);
  if (known.costs.size >= rememberedMax) known.costs.clear();
  known.costs.set(key, cost);
  return cost;
}

function pageSizeVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Argument({ name, value }) {
      if (value.kind === Kind.VARIABLE && pageSizeArguments.includes(name.value)) {
        names.add(value.name.value);
      }
    },
  });
  return [...names];
}

/**
 * The number of objects a valid operation could fetch at most: an object costs 1 and what is selected
 * in it, a list its items, a connection its page (`first`, also as a variable). Leaves are free.
 */
export function queryCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const root = schema.getRootType(operation.operation);
  return root ? costOfSelection(operation.selectionSet, root, assumedListSize) : 0;

  function costOfSelection(
    selectionSet: SelectionSetNode,
    parent: GraphQLCompositeType,
    listSize: number,
  ): number {
    let cost = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += costOfField(selection, parent, listSize);
        continue;
      }
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const condition = inner?.typeCondition && schema.getType(inner.typeCondition.name.value);
      const type = isCompositeType(condition) ? condition : parent;
      if (inner) cost += costOfSelection(inner.selectionSet, type, listSize);
    }
    return cost;
  }

  function costOfField(node: FieldNode, parent: GraphQLCompositeType, listSize: number): number {
    const field = fieldOf(parent, node.name.value);
    if (!field || !node.selectionSet) return 0;
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return 0;
    const paged = pageSizeOf(node, field);
    if (paged !== null && !isListType(getNullableType(field.type))) {
      return 1 + costOfSelection(node.selectionSet, type, paged);
    }
    const items = isListType(getNullableType(field.type)) ? (paged ?? listSize) : 1;
    return items * (1 + costOfSelection(node.selectionSet, type, assumedListSize));
  }

  function pageSizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>): number | null {
    const name = pageSizeArguments.find((each) => field.args.some((arg) => arg.name === each));
    if (!name) return null;
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    const declared = field.args.find((arg) => arg.name === name)?.defaultValue;
    const value =
      given?.kind === Kind.INT
        ? Number(given.value)
        : given?.kind === Kind.VARIABLE
          ? variables[given.name.value]
          : undefined;
    const size = value ?? declared ?? assumedPageSize;
    return typeof size === "number" && size > 0 ? size : 0;
  }
}

function fieldOf(parent: GraphQLCompositeType, name: string) {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}
