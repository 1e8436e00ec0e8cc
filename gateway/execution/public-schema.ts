import {
  buildSchema,
  GraphQLError,
  isScalarType,
  print,
  valueFromASTUntyped,
  type GraphQLScalarType,
  type GraphQLSchema,
} from "graphql";
import { Cursor, DateTime, Duration } from "../../kernel/federation/scalars.ts";

/**
 * The public schema, whose scalars are as strict as those of the subgraphs: what is none is refused, with
 * its place, before anything runs. Values go on as they were sent, for the subgraphs to read.
 */
export function publicSchema(sdl: string): GraphQLSchema {
  const schema = buildSchema(sdl);
  for (const strict of [Cursor, DateTime, Duration]) {
    const scalar = schema.getType(strict.name);
    if (isScalarType(scalar)) tighten(scalar, strict);
  }
  return schema;
}

function tighten(scalar: GraphQLScalarType, strict: GraphQLScalarType): void {
  scalar.parseValue = (value) => {
    strict.parseValue(value);
    return value;
  };
  scalar.parseLiteral = (node, variables) => {
    try {
      strict.parseLiteral(node, variables);
    } catch (error) {
      const message = `${print(node)} cannot be taken. ${(error as Error).message}`;
      throw new GraphQLError(message, { nodes: node });
    }
    return valueFromASTUntyped(node, variables);
  };
}
