import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

/** One subgraph's contribution to a composition. */
export interface SubgraphSdl {
  name: string;
  url: string;
  sdl: string;
}

/** What subgraphs make together. */
export interface Supergraph {
  /** With the join directives: what the planner reads. */
  supergraphSdl: string;
  /** What a client sees: what documents are validated against and introspection shows. */
  publicSdl: string;
}

/** Composes the subgraphs; throws an Error that lists every reason why they do not fit together. */
export function composeSupergraph(subgraphs: SubgraphSdl[]): Supergraph {
  const result = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  if (result.errors) {
    const reasons = result.errors.map((error) => `- ${error.message}`).join("\n");
    throw new Error(`The subgraphs do not compose:\n${reasons}`);
  }
  return { supergraphSdl: `${result.supergraphSdl}\n`, publicSdl: `${result.publicSdl}\n` };
}
