import { Lexer, Source, TokenKind } from "graphql";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { QueryLimits } from "./query-limits.ts";

const opening = new Set<TokenKind>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const closing = new Set<TokenKind>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Throws QUERY_TOO_EXPENSIVE when a document's brackets are nested deeper than `nestingMax`. Runs before
 * anything parses it: parsers go down by recursion, and end where their stack does.
 */
export function checkNesting(text: string, { nestingMax, tokensMax }: QueryLimits): void {
  const lexer = new Lexer(new Source(text));
  let nesting = 0;
  for (let tokens = 0; tokens <= tokensMax; tokens += 1) {
    const { kind } = lexer.advance();
    if (kind === TokenKind.EOF) return;
    if (closing.has(kind)) nesting -= 1;
    if (!opening.has(kind)) continue;
    nesting += 1;
    if (nesting <= nestingMax) continue;
    const message = `The document's brackets are nested deeper than ${nestingMax}; give large inputs as variables.`;
    throw new DomainError("QUERY_TOO_EXPENSIVE", message, { details: { limit: nestingMax } });
  }
}
