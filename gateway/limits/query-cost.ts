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
  type ValueNode,
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
 * The number of objects a valid operation could fetch at most: an object costs 1 and what is
 * selected in it, a list its items, a connection its page (`first`, also as a variable). Leaves are
 * free.
 */
export function queryCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const root = schema.getRootType(operation.operation);
  const counter = new CostCounter(schema, document, variables);
  return root ? counter.ofSelection(operation.selectionSet, root, assumedListSize) : 0;
}

class CostCounter {
  private readonly schema: GraphQLSchema;
  private readonly variables: Readonly<Record<string, unknown>>;
  private readonly fragments = new Map<string, FragmentDefinitionNode>();

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
  ) {
    this.schema = schema;
    this.variables = variables;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.fragments.set(definition.name.value, definition);
      }
    }
  }

  ofSelection(
    selectionSet: SelectionSetNode,
    parent: GraphQLCompositeType,
    listSize: number,
  ): number {
    let cost = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += this.ofField(selection, parent, listSize);
        continue;
      }
      const isInline = selection.kind === Kind.INLINE_FRAGMENT;
      const inner = isInline ? selection : this.fragments.get(selection.name.value);
      const condition = inner?.typeCondition?.name.value;
      const named = condition === undefined ? undefined : this.schema.getType(condition);
      const type = isCompositeType(named) ? named : parent;
      if (inner) cost += this.ofSelection(inner.selectionSet, type, listSize);
    }
    return cost;
  }

  private ofField(node: FieldNode, parent: GraphQLCompositeType, listSize: number): number {
    const field = fieldOf(parent, node.name.value);
    if (!field || !node.selectionSet) return 0;
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return 0;
    const page = this.pageSizeOf(node, field);
    const isList = isListType(getNullableType(field.type));
    if (page !== null && !isList) return 1 + this.ofSelection(node.selectionSet, type, page);
    const items = isList ? (page ?? listSize) : 1;
    return items * (1 + this.ofSelection(node.selectionSet, type, assumedListSize));
  }

  private pageSizeOf(node: FieldNode, field: GraphQLField<unknown, unknown>): number | null {
    const name = pageSizeArguments.find((each) => field.args.some((arg) => arg.name === each));
    if (!name) return null;
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    const declared = field.args.find((arg) => arg.name === name)?.defaultValue;
    const size = this.valueOf(given) ?? declared ?? assumedPageSize;
    return typeof size === "number" && size > 0 ? size : 0;
  }

  private valueOf(given: ValueNode | undefined): unknown {
    if (given?.kind === Kind.INT) return Number(given.value);
    return given?.kind === Kind.VARIABLE ? this.variables[given.name.value] : undefined;
  }
}

function fieldOf(parent: GraphQLCompositeType, name: string) {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
}
