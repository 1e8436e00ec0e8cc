import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
} from "graphql";
import { RequestContext } from "./request-context.ts";

/** Results of a subscription; `return` also ends a `next` that waits, where its source can. */
export type EventResults = AsyncIterableIterator<ExecutionResult>;

/**
 * graphql-js's `subscribe`, with a context of its own for each event: with one for all, a loader answers
 * the second event with what it loaded for the first.
 */
export async function subscribeFresh(args: ExecutionArgs): Promise<EventResults | ExecutionResult> {
  const { principal } = args.contextValue as RequestContext;
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const entries = source[Symbol.asyncIterator]();
  return {
    async next() {
      const { done, value: rootValue } = await entries.next();
      if (done) return { done: true, value: undefined };
      const contextValue = new RequestContext(principal);
      return { done: false, value: await execute({ ...args, rootValue, contextValue }) };
    },
    async return() {
      await entries.return?.();
      return { done: true, value: undefined };
    },
    async throw(error: unknown) {
      await entries.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this as EventResults;
    },
  };
}
