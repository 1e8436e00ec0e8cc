import {
  Kind,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

/** An operation without fragments and conditions, each response key once. */
export interface FlatOperation {
  /** What the subgraphs answer; null: nothing of it. */
  remote: FlatDocument | null;
  /** `__schema`, `__type`, `__typename` at the root, which we answer ourselves; null: none of it. */
  own: FlatDocument | null;
  /** Response keys of the root in the order in which they were asked for. */
  keys: string[];
}

export interface FlatDocument {
  document: DocumentNode;
  /** The only definition of the document. */
  operation: OperationDefinitionNode;
}

type Variables = Readonly<Record<string, unknown>>;
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Asks for nothing, where all that was asked for is skipped. */
const nothing: FieldNode = {
  kind: Kind.FIELD,
  name: { kind: Kind.NAME, value: "__typename" },
  directives: [
    {
      kind: Kind.DIRECTIVE,
      name: { kind: Kind.NAME, value: "skip" },
      arguments: [
        {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: "if" },
          value: { kind: Kind.BOOLEAN, value: true },
        },
      ],
    },
  ],
};

/**
 * Collects the fields of a valid operation as graphql-js would while executing. The planner's executor
 * must not meet the same field twice: it joins the two lists end to end, in the subgraph's own memory.
 * Every type of the API is an object type (a test holds that), so every fragment applies.
 */
export function flattenOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): FlatOperation {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const fields = flatFields([operation.selectionSet], fragments, variables);
  const isOwn = ({ name }: FieldNode) => name.value.startsWith("__");
  return {
    remote: documentOf(
      operation,
      fields.filter((field) => !isOwn(field)),
    ),
    own: documentOf(operation, fields.filter(isOwn)),
    keys: fields.map(responseKeyOf),
  };
}

/** Names of the variables on which `@skip` and `@include` depend. */
export function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(node) {
      const value = conditionOf(node);
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

function flatFields(
  selectionSets: readonly SelectionSetNode[],
  fragments: Fragments,
  variables: Variables,
): FieldNode[] {
  const groups = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  for (const selectionSet of selectionSets) collect(selectionSet);
  return [...groups.values()].map((group) => {
    const directives = group[0]!.directives?.filter((each) => !conditionOf(each)) ?? [];
    const inner = group.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (inner.length === 0) return { ...group[0]!, directives };
    const selections = flatFields(inner, fragments, variables);
    return {
      ...group[0]!,
      directives,
      selectionSet: {
        kind: Kind.SELECTION_SET,
        selections: selections.length > 0 ? selections : [nothing],
      },
    };
  });

  function collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      if (!isIncluded(selection.directives, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = responseKeyOf(selection);
        const group = groups.get(key);
        if (group) group.push(selection);
        else groups.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        collect(fragments.get(selection.name.value)!.selectionSet);
      }
    }
  }
}

function documentOf(operation: OperationDefinitionNode, fields: FieldNode[]): FlatDocument | null {
  if (fields.length === 0) return null;
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: fields };
  const used = new Set<string>();
  visit(selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const variableDefinitions = operation.variableDefinitions?.filter(({ variable }) =>
    used.has(variable.name.value),
  );
  const flat: OperationDefinitionNode = {
    ...operation,
    directives: [],
    variableDefinitions: variableDefinitions ?? [],
    selectionSet,
  };
  return { document: { kind: Kind.DOCUMENT, definitions: [flat] }, operation: flat };
}

function responseKeyOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}

function isIncluded(directives: readonly DirectiveNode[] | undefined, variables: Variables) {
  return (directives ?? []).every((directive) => {
    const value = conditionOf(directive);
    if (!value) return true;
    const isTrue =
      value.kind === Kind.VARIABLE
        ? variables[value.name.value] === true
        : value.kind === Kind.BOOLEAN && value.value;
    return directive.name.value === "include" ? isTrue : !isTrue;
  });
}

/** The condition of `@skip` and `@include`; null for any other directive. */
function conditionOf({ name, arguments: given }: DirectiveNode) {
  if (name.value !== "skip" && name.value !== "include") return null;
  return given?.find((argument) => argument.name.value === "if")?.value ?? null;
}
