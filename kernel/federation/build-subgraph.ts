import { buildSubgraphSchema } from "@apollo/subgraph";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import { type GraphQLSchema, parse } from "graphql";
import { buildSchemaSync, createResolversMap, type NonEmptyArray } from "type-graphql";
import type { RequestContext } from "./request-context.ts";
import { DateTime } from "./scalars.ts";

/** A subgraph's public schema: the SDL it is composed from, and the executable schema. */
export interface SubgraphSchema {
  name: string;
  sdl: string;
  schema: GraphQLSchema;
}

/** Finds an entity by its key, as the gateway names it; null when there is none. */
export type ResolveReference = (
  // biome-ignore lint/suspicious/noExplicitAny: the key's shape is the entity's own.
  reference: any,
  context: RequestContext,
) => unknown;

export interface SubgraphOptions {
  name: string;
  /** Resolver classes (or instances by the container below). */
  resolvers: readonly object[];
  /** Entities that no root field returns. */
  orphanedTypes?: readonly object[];
  /** `__resolveReference` of each entity that others extend, by type name. */
  references?: Readonly<Record<string, ResolveReference>>;
}

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.6", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@inaccessible", "@tag", "@override",
  "@requiresScopes"
])
`;

/**
 * Builds a Federation 2 subgraph from type-graphql classes. `resolvers` are instances with their services
 * in place; type-graphql is given their classes and finds the instances again.
 */
export function buildSubgraph(options: SubgraphOptions): SubgraphSchema {
  const instances = new Map(options.resolvers.map((each) => [each.constructor, each]));
  const built = buildSchemaSync({
    resolvers: [...instances.keys()] as unknown as NonEmptyArray<() => void>,
    orphanedTypes: [...(options.orphanedTypes ?? [])] as (() => void)[],
    container: { get: (type) => instances.get(type) },
    scalarsMap: [{ type: Date, scalar: DateTime }],
    pubSub: noPubSub,
    validate: false,
    skipCheck: true,
  });
  const sdl = `${link}\n${printSchemaWithDirectives(built)}\n`;
  const resolvers = createResolversMap(built) as Record<string, Record<string, unknown>>;
  for (const [type, resolve] of Object.entries(options.references ?? {})) {
    resolvers[type] = { ...resolvers[type], __resolveReference: resolve };
  }
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  return { name: options.name, sdl, schema };
}

/** Subscriptions read the change streams; type-graphql's own publish and subscribe is not used. */
const noPubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error("a subscription names its own stream");
  },
};
