import {
  getOperationAST,
  GraphQLError,
  Kind,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { QueryLimits } from "../limits/query-limits.ts";
import { checkNesting } from "../limits/document-nesting.ts";
import { checkQueryShape } from "../limits/query-shape.ts";
import { conditionsOf, flattenOperation, type FlatOperation } from "./flatten-operation.ts";
import { publicSchema } from "./public-schema.ts";
import type { ScopeRequirements } from "./required-scopes.ts";

/** A document that passed every check that does not depend on variables or on who asks. */
export interface PreparedOperation {
  text: string;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** What is asked for with these variables (coerced); the same object for the same conditions. */
  variant(variables: Readonly<Record<string, unknown>>): OperationVariant;
}

export interface OperationVariant extends FlatOperation {
  demands: ReturnType<ScopeRequirements["of"]>;
}

/** Documents are prepared once; clients send the same few again and again. */
const documentsMax = 1_000;
/** Longer ones are prepared each time: what is remembered stays below 32 MB of text. */
const documentLengthMax = 16_000;
/** Of one document, by what its conditions are. */
const variantsMax = 32;

/** Parses and checks documents against the public schema. */
export class OperationPreparer {
  readonly schema: GraphQLSchema;
  private readonly requirements: ScopeRequirements;
  private readonly limits: QueryLimits;
  private readonly prepared = new Map<string, PreparedOperation | readonly Error[]>();

  constructor(publicSdl: string, requirements: ScopeRequirements, limits: QueryLimits) {
    this.schema = publicSchema(publicSdl);
    this.requirements = requirements;
    this.limits = limits;
  }

  /** The operation, or why it is refused. */
  prepare(text: string, operationName: string | undefined): PreparedOperation | readonly Error[] {
    const key = `${operationName ?? ""}\n${text}`;
    const known = this.prepared.get(key);
    if (known) return known;
    const made = this.make(text, operationName);
    if (key.length > documentLengthMax) return made;
    if (this.prepared.size >= documentsMax) {
      this.prepared.delete(this.prepared.keys().next().value ?? "");
    }
    this.prepared.set(key, made);
    return made;
  }

  private make(text: string, operationName: string | undefined) {
    try {
      const document = this.parse(text);
      const operation = getOperationAST(document, operationName);
      if (!operation) throw new GraphQLError(missingOperation(document, operationName));
      checkQueryShape(document, operation, this.limits);
      const errors = validate(this.schema, document, undefined, { maxErrors: 20 });
      if (errors.length > 0) return errors;
      return { text, document, operation, variant: this.variantsOf(document, operation) };
    } catch (error) {
      return [error as Error];
    }
  }

  private variantsOf(document: DocumentNode, operation: OperationDefinitionNode) {
    const conditions = conditionsOf(document);
    const variants = new Map<string, OperationVariant>();
    return (variables: Readonly<Record<string, unknown>>): OperationVariant => {
      const key = conditions.map((name) => (variables[name] === true ? "1" : "0")).join("");
      const known = variants.get(key);
      if (known) return known;
      const flat = flattenOperation(document, operation, variables);
      const demands = flat.remote ? this.requirements.of(this.schema, flat.remote.document) : [];
      const made = { ...flat, demands };
      if (variants.size >= variantsMax) variants.clear();
      variants.set(key, made);
      return made;
    };
  }

  private parse(text: string): DocumentNode {
    const { tokensMax } = this.limits;
    checkNesting(text, this.limits);
    try {
      return parse(text, { maxTokens: tokensMax });
    } catch (error) {
      if (!(error instanceof GraphQLError) || !error.message.includes("tokens. Parsing aborted"))
        throw error;
      const message = `The document is too large: it has more than ${tokensMax} tokens.`;
      throw new DomainError("QUERY_TOO_EXPENSIVE", message, { details: { limit: tokensMax } });
    }
  }
}

function missingOperation(document: DocumentNode, operationName: string | undefined): string {
  if (operationName !== undefined) return `The document has no operation named ${operationName}.`;
  const count = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  return count.length === 0
    ? "The document has no operation."
    : "The document has several operations: say which by operationName.";
}
