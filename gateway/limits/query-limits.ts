/** How large an operation may be. Each bound is inclusive. */
export interface QueryLimits {
  /** Bytes of a request's body: a batch of events through `ingestEvents` fits. */
  bodyBytesMax: number;
  /** Lexical tokens of the document. */
  tokensMax: number;
  /** Brackets within brackets, of any kind: the Rust planner's parser ends at 50. Variables do not count. */
  nestingMax: number;
  /** Fields within fields; introspection does not count (graphql-js bounds it). */
  depthMax: number;
  /** Fields with an alias, fragments expanded. */
  aliasesMax: number;
  /** Directives, fragments expanded. */
  directivesMax: number;
  /** Fields and spreads, fragments expanded: what a short document can blow up to. */
  fieldsMax: number;
  /** Objects that could be fetched at most, lists counted by their page size. */
  costMax: number;
}

/** The contract's largest operation, Profile, has depth 6 and a cost of about 1,500. */
export const defaultQueryLimits: QueryLimits = {
  bodyBytesMax: 2_000_000,
  tokensMax: 4_000,
  nestingMax: 45,
  depthMax: 14,
  aliasesMax: 100,
  directivesMax: 50,
  fieldsMax: 2_000,
  costMax: 60_000,
};
