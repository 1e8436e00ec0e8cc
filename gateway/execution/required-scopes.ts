import {
  getNamedType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
} from "graphql";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { Principal } from "../../kernel/security/principal.ts";

/** A choice of sets: who holds every scope of one set may read the field. */
type ScopeChoice = readonly (readonly string[])[];

/** What the `@requiresScopes` of the supergraph demand, by type (`Person`) and field (`Query.person`). */
export class ScopeRequirements {
  private readonly choices = new Map<string, ScopeChoice>();

  constructor(supergraphSdl: string) {
    for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
      const named =
        definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
        definition.kind === Kind.INTERFACE_TYPE_DEFINITION;
      if (!named) continue;
      this.add(definition.name.value, definition.directives);
      for (const field of definition.fields ?? []) {
        this.add(`${definition.name.value}.${field.name.value}`, field.directives);
      }
    }
  }

  /** Each different demand of a valid document. */
  of(schema: GraphQLSchema, document: DocumentNode): ScopeChoice[] {
    const found = new Set<ScopeChoice>();
    const typeInfo = new TypeInfo(schema);
    const look = (coordinate: string) => {
      const choice = this.choices.get(coordinate);
      if (choice) found.add(choice);
    };
    visit(
      document,
      visitWithTypeInfo(typeInfo, {
        Field(node) {
          const [parent, type] = [typeInfo.getParentType(), typeInfo.getType()];
          if (parent) look(`${parent.name}.${node.name.value}`);
          if (type) look(getNamedType(type).name);
        },
      }),
    );
    return [...found];
  }

  private add(coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void {
    const directive = directives?.find((each) => each.name.value === "requiresScopes");
    const scopes = directive?.arguments?.find((argument) => argument.name.value === "scopes");
    if (scopes?.value.kind !== Kind.LIST) return;
    const choice = scopes.value.values.map((set) =>
      set.kind === Kind.LIST
        ? set.values.flatMap((scope) => (scope.kind === Kind.STRING ? [scope.value] : []))
        : [],
    );
    this.choices.set(coordinate, choice);
  }
}

/** Throws FORBIDDEN, naming a scope that is missing, unless the principal meets every demand. */
export function checkScopes(demands: readonly ScopeChoice[], principal: Principal): void {
  const held = new Set<string>(principal.scopes);
  for (const choice of demands) {
    if (choice.some((set) => set.every((scope) => held.has(scope)))) continue;
    const scope = choice[0]?.find((each) => !held.has(each)) ?? "";
    throw new DomainError("FORBIDDEN", `This needs the scope ${scope}.`, { details: { scope } });
  }
}
