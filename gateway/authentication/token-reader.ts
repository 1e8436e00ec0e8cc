import {
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
} from "jose";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import { isScope } from "../../kernel/security/scopes.ts";
import { unauthenticated, type Authenticated, type CredentialReader } from "./authenticator.ts";

/** Whose tokens are believed. */
export interface TokenSettings {
  jwksUrl: string;
  issuer: string;
  audience: string;
}

const clockToleranceSeconds = 5;
/** What `jose` says when the keys do not come, or are none: nothing about the token. */
const aboutTheProvider = new Set(["ERR_JOSE_GENERIC", "ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID"]);
/** setTimeout's own bound. */
const timerMsMax = 2 ** 31 - 1;
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "EdDSA",
];

/** Tokens (JWT) of people, signed by their identity provider; `scope` or `scp` gives the scopes. */
export class TokenReader implements CredentialReader {
  private readonly settings: TokenSettings;
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;

  constructor(settings: TokenSettings) {
    this.settings = settings;
    this.keys = createRemoteJWKSet(new URL(settings.jwksUrl), { timeoutDuration: 5_000 });
  }

  async read(credential: string): Promise<Authenticated | null> {
    if (!isToken(credential)) return null;
    const payload = await this.verify(credential);
    if (!payload.sub || !payload.exp) throw unauthenticated("The token lacks `sub` or `exp`.");
    const expiresAt = (payload.exp + clockToleranceSeconds) * 1_000;
    return {
      principal: { id: payload.sub, scopes: scopesOf(payload) },
      onEnd(listener) {
        const wait = Math.min(Math.max(expiresAt - Date.now(), 0), timerMsMax);
        const timer = setTimeout(() => listener(unauthenticated("The token has expired.")), wait);
        return () => clearTimeout(timer);
      },
    };
  }

  private async verify(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.settings;
    try {
      const options = { issuer, audience, algorithms, clockTolerance: clockToleranceSeconds };
      return (await jwtVerify(token, this.keys, options)).payload;
    } catch (error) {
      if (error instanceof errors.JOSEError && !aboutTheProvider.has(error.code)) {
        throw unauthenticated("The token is not valid.");
      }
      const message = "The keys of the identity provider cannot be fetched.";
      throw new DomainError("UNAVAILABLE", message, { retryable: true, cause: error });
    }
  }
}

function isToken(credential: string): boolean {
  try {
    return credential.split(".").length === 3 && Boolean(decodeProtectedHeader(credential).alg);
  } catch {
    return false;
  }
}

function scopesOf(payload: JWTPayload) {
  const claim = payload["scope"] ?? payload["scp"];
  const names = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return names.map(String).filter(isScope);
}
