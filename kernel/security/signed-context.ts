import { createHmac, timingSafeEqual } from "node:crypto";
import { isScope } from "./scopes.ts";
import type { Principal } from "./principal.ts";

/** HTTP header (and `connectionParams.context` on WebSocket) that carries the signed context. */
export const signedContextHeader = "x-selfsame-context";

/** A token is good for this long; a subgraph checks it when a request or connection begins. */
const lifetimeSeconds = 60;

const tokenHeader = encode({ alg: "HS256", typ: "JWT" });

interface Claims {
  sub: string;
  scope: string;
  exp: number;
}

/**
 * The principal as a compact HS256 JWT, which only the holder of `secret` (CONTEXT_SECRET) can make:
 * how the gateway tells a subgraph in another process who asks.
 */
export function signContext(principal: Principal, secret: string, now: Date): string {
  const claims: Claims = {
    sub: principal.id,
    scope: principal.scopes.join(" "),
    exp: Math.floor(now.getTime() / 1_000) + lifetimeSeconds,
  };
  const signed = `${tokenHeader}.${encode(claims)}`;
  return `${signed}.${signatureOf(signed, secret)}`;
}

/** The principal of a token, or null when it is malformed, not signed with `secret`, or expired. */
export function verifyContext(
  token: string | undefined,
  secret: string,
  now: Date,
): Principal | null {
  const [header, payload, signature, ...rest] = (token ?? "").split(".");
  if (header !== tokenHeader || !payload || !signature || rest.length > 0) return null;
  if (!isSame(signature, signatureOf(`${header}.${payload}`, secret))) return null;
  const claims = decode(payload);
  if (!claims || claims.exp * 1_000 <= now.getTime()) return null;
  return { id: claims.sub, scopes: claims.scope.split(" ").filter(isScope) };
}

function signatureOf(text: string, secret: string): string {
  return createHmac("sha256", secret).update(text).digest("base64url");
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function decode(text: string): Claims | null {
  try {
    const claims = JSON.parse(Buffer.from(text, "base64url").toString()) as Partial<Claims> | null;
    const { sub, scope, exp } = claims ?? {};
    const wellFormed =
      typeof sub === "string" && typeof scope === "string" && typeof exp === "number";
    return wellFormed ? { sub, scope, exp } : null;
  } catch {
    return null;
  }
}
