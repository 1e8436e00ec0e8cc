/**
 * What a client can act on, as data: stands in a mutation's `problems`, never in `errors`.
 * `code` is UPPER_SNAKE, `path` leads into the input (`["events", "0", "messageId"]`).
 */
export interface Problem {
  code: string;
  message: string;
  path: string[];
}

export function problem(code: string, message: string, path: (string | number)[] = []): Problem {
  return { code, message, path: path.map(String) };
}
