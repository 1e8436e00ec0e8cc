import { identifierText, plainText } from "../../../kernel/persons/identifier-text.ts";
import type { NamespacePolicy, PolicyIndex } from "./identity-policy.ts";

/** Wrapped quotes, space and width say nothing: `"null"`, `'NULL'` and ` ｎｕｌｌ ` are one value. */
function bare(value: string): string {
  let text = plainText(identifierText(value));
  while (text.length >= 2 && /^["'`“”‘’«»]$/.test(text[0]!) && /["'`“”‘’«»]$/.test(text)) {
    text = text.slice(1, -1).trim();
  }
  return text.toLowerCase();
}

interface Matcher {
  exact: ReadonlySet<string>;
  patterns: readonly RegExp[];
}

function matcherOf(values: readonly string[]): Matcher {
  const folded = values.map(bare);
  const wild = folded.filter((value) => value.includes("*") && value !== "*");
  return {
    exact: new Set(folded.filter((value) => !wild.includes(value))),
    patterns: wild.map((value) => new RegExp(`^${value.split("*").map(escape).join(".*")}$`, "s")),
  };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function matches(matcher: Matcher, value: string): boolean {
  return matcher.exact.has(value) || matcher.patterns.some((pattern) => pattern.test(value));
}

/** Tells of a value whether it names nobody: empty, blocked everywhere, or in its namespace. */
export type BlockedTest = (namespace: NamespacePolicy, value: string) => boolean;

/**
 * Reads the policy's blocked values once. Quotes, case and space around a value make no difference.
 */
export function blockedTest(index: PolicyIndex): BlockedTest {
  const everywhere = matcherOf(index.policy.blockedValues);
  const own = new Map<string, Matcher>();
  for (const entry of index.policy.namespaces) own.set(entry.name, matcherOf(entry.blockedValues));
  return (namespace, value) => {
    const text = bare(value);
    if (text === "" || matches(everywhere, text)) return true;
    return matches(own.get(namespace.name)!, text);
  };
}
