import { type Environment, Reader } from "../kernel/config/read-config.ts";
import type { TokenSettings } from "./authentication/token-reader.ts";

/** Settings of the gateway alone. */
export interface GatewayConfig {
  /** Whose tokens are believed; null: API keys only. JWKS_URL, JWT_ISSUER, JWT_AUDIENCE. */
  token: TokenSettings | null;
}

/** Throws SettingsError naming every problem. */
export function readGatewayConfig(environment: Environment): GatewayConfig {
  const reader = new Reader(environment);
  const jwksUrl = reader.url("JWKS_URL", ["https:", "http:"]);
  const issuer = reader.text("JWT_ISSUER");
  const audience = reader.text("JWT_AUDIENCE");
  const given = [jwksUrl, issuer, audience].filter((value) => value !== null);
  if (given.length > 0 && given.length < 3) {
    reader.problems.push(
      "JWKS_URL, JWT_ISSUER and JWT_AUDIENCE are set together, or none of them.",
    );
  }
  reader.finish();
  const token = jwksUrl && issuer && audience ? { jwksUrl, issuer, audience } : null;
  return { token };
}
