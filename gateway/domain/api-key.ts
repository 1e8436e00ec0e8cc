import { problem, type Problem } from "../../kernel/errors/problem.ts";
import { isScope, scopes, type Scope } from "../../kernel/security/scopes.ts";

/** A key as it is stored and shown: never its secret. */
export interface ApiKey {
  id: string;
  name: string;
  /** The first characters of the secret, by which its holder recognises it. */
  prefix: string;
  scopes: Scope[];
  /** The root key may do everything, also what keys could not do yet when it was made. */
  isRoot: boolean;
  createdAt: Date;
  revokedAt: Date | null;
}

export const secretPrefix = "sk_";
/** Of any key, also of one given by ROOT_KEY. */
export const secretLengthMin = 32;
export const secretLengthMax = 512;
const nameLengthMax = 100;
const shownLength = 10;

/** What of a secret may be shown. */
export function shownPrefix(secret: string): string {
  return secret.slice(0, shownLength);
}

/**
 * Why a key must not be made: no name, no or unknown scopes, or scopes its maker does not hold (else
 * whoever makes keys could give himself everything). Empty when it may.
 */
export function refuseApiKey(
  wanted: { name: string; scopes: readonly string[] },
  held: readonly Scope[],
): Problem[] {
  const problems: Problem[] = [];
  const length = wanted.name.trim().length;
  if (length === 0 || length > nameLengthMax || wanted.name.includes("\u0000")) {
    const message = `A key's name has 1 to ${nameLengthMax} characters.`;
    problems.push(problem("INVALID_NAME", message, ["name"]));
  }
  if (wanted.scopes.length === 0) {
    problems.push(problem("NO_SCOPES", "A key needs at least one scope.", ["scopes"]));
  }
  for (const [index, scope] of wanted.scopes.entries()) {
    const path = ["scopes", index];
    if (!isScope(scope)) {
      const known = Object.keys(scopes).join(", ");
      const message = `There is no scope ${scope.slice(0, 50)}. There are: ${known}.`;
      problems.push(problem("UNKNOWN_SCOPE", message, path));
    } else if (!held.includes(scope)) {
      const message = `You do not hold the scope ${scope}, so you cannot give it.`;
      problems.push(problem("SCOPE_NOT_HELD", message, path));
    }
  }
  return problems;
}
