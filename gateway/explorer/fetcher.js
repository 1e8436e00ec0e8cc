import { getOperationAST, parse } from "graphql";
import { createClient } from "graphql-sse";

const url = "/graphql";

/** Sends operations with the key: subscriptions as server-sent events, the others as JSON. */
export function createFetcher(key) {
  const headers = { authorization: `Bearer ${key}` };
  const events = createClient({ url, headers, retryAttempts: 0 });
  return (params) => (isSubscription(params) ? events.iterate(params) : post(params, headers));
}

/** Read from the text itself: what the editor knows of it may be a moment old. */
function isSubscription({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === "subscription";
  } catch {
    return false;
  }
}

/** Whether the key is known: the HTTP status of the smallest question. */
export async function checkKey(key) {
  const headers = { authorization: `Bearer ${key}` };
  const answer = await post({ query: "{ __typename }" }, headers).catch((error) => ({
    errors: [{ message: `The server cannot be reached: ${error.message}` }],
  }));
  return answer.errors?.[0]?.message ?? null;
}

async function post({ query, variables, operationName }, headers) {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ query, variables, operationName }),
  });
  return response.json();
}
