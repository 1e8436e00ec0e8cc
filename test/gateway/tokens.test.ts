import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createClient } from "graphql-ws";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import WebSocket from "ws";
import { signContext, verifyContext } from "../../kernel/security/signed-context.ts";
import { TokenReader } from "../../gateway/authentication/token-reader.ts";
import { rootKey, startTestGateway, type TestGateway } from "./test-gateway.ts";

const [issuer, audience] = ["https://people.example", "selfsame"];
const pair = await generateKeyPair("ES256");
const stranger = await generateKeyPair("ES256");
let provider: Server;
let gateway: TestGateway;

beforeAll(async () => {
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "one", alg: "ES256" };
  provider = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  gateway = await startTestGateway({
    JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`,
    JWT_ISSUER: issuer!,
    JWT_AUDIENCE: audience!,
  });
}, 60_000);

afterAll(async () => {
  await gateway.stop();
  provider.close();
});

interface Token {
  claims?: JWTPayload;
  key?: CryptoKey;
  seconds?: number;
  from?: string;
  to?: string;
}

function token({
  claims = {},
  key = pair.privateKey,
  seconds = 60,
  from = issuer,
  to = audience,
}: Token) {
  return new SignJWT({ scope: "profiles:read", ...claims })
    .setProtectedHeader({ alg: "ES256", kid: "one" })
    .setSubject("ana")
    .setIssuer(from!)
    .setAudience(to!)
    .setExpirationTime(Math.floor(Date.now() / 1_000) + seconds)
    .sign(key);
}

describe("a person with a token", () => {
  test("given a good one, when asking, then its scopes count; API keys work beside it", async () => {
    const good = await token({});
    const query = '{ person(by: { id: "p1" }) { name } }';
    expect((await gateway.ask(query, {}, good)).data).toEqual({ person: { name: "A…" } });
    const clear = await token({ claims: { scope: "profiles:read pii:read nonsense" } });
    expect((await gateway.ask(query, {}, clear)).data).toEqual({ person: { name: "Ana" } });
    const refused = await gateway.ask("{ apiKeys { nodes { id } } }", {}, good);
    expect(refused.errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    expect((await gateway.ask(query, {}, rootKey)).status).toBe(200);
  });

  test.each<[string, Token]>([
    ["signed by a stranger", { key: stranger.privateKey }],
    ["expired", { seconds: -60 }],
    ["of another issuer", { from: "https://evil.example" }],
    ["for another audience", { to: "others" }],
  ])("given one %s, when asking, then 401", async (_, wrong) => {
    const answer = await gateway.ask("{ __typename }", {}, await token(wrong));
    expect(answer.status).toBe(401);
    expect(answer.errors).toMatchObject([{ extensions: { code: "UNAUTHENTICATED" } }]);
  });

  test("given one without signature, when asking, then 401", async () => {
    const [, payload] = (await token({})).split(".");
    const header = Buffer.from('{"alg":"none"}').toString("base64url");
    expect((await gateway.ask("{ __typename }", {}, `${header}.${payload}.`)).status).toBe(401);
  });

  test.each([
    ["answers with an error", 500, "broken"],
    ["answers with a page", 200, "<html>"],
    ["answers with no keys", 200, "{}"],
  ])(
    "given a provider that %s, when a token comes, then 503: it may be good",
    async (_, status, body) => {
      const failing = createServer((_request, response) => response.writeHead(status).end(body));
      await new Promise<void>((resolve) => failing.listen(0, "127.0.0.1", resolve));
      const { port } = failing.address() as AddressInfo;
      const jwksUrl = `http://127.0.0.1:${port}/keys`;
      const reader = new TokenReader({ jwksUrl, issuer: issuer!, audience: audience! });
      const refused = await reader.read(await token({})).catch((error: unknown) => error);
      failing.closeAllConnections();
      failing.close();
      expect(refused).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    },
  );

  test("given an open subscription, when the token expires, then it ends with an error", async () => {
    // 5 s of tolerance for clocks: this one is over in a second.
    const soon = await token({ seconds: -4 });
    const client = createClient({
      url: `ws://${gateway.address}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${soon}` },
      retryAttempts: 0,
    });
    const stream = client.iterate({ query: "subscription { profileChanged { cursor } }" });
    await expect(stream.next()).rejects.toMatchObject([
      { extensions: { code: "UNAUTHENTICATED" } },
    ]);
    void client.dispose();
  });
});

describe("the context that the gateway signs", () => {
  const principal = { id: "key_1", scopes: ["profiles:read", "pii:read"] as const };
  const secret = "s".repeat(32);
  const now = new Date("2026-01-01T00:00:00Z");
  const signed = signContext(principal, secret, now);

  test("given the secret, when verified in time, then it is who asked", () => {
    expect(verifyContext(signed, secret, now)).toEqual(principal);
    expect(verifyContext(signed, secret, new Date(now.getTime() + 59_000))).toEqual(principal);
  });

  test.each([
    ["too late", signed, secret, 60_000],
    ["with another secret", signed, "t".repeat(32), 0],
    [
      "with another payload",
      signed.replace(/\.[^.]+\./, `.${btoa('{"sub":"x","scope":"","exp":9e9}')}.`),
      secret,
      0,
    ],
    ["cut", signed.slice(0, -1), secret, 0],
    ["without signature", signed.split(".").slice(0, 2).join("."), secret, 0],
    ["empty", "", secret, 0],
    ["missing", undefined, secret, 0],
  ])("given one %s, when verified, then it is nobody", (_, given, key, afterMs) => {
    expect(verifyContext(given, key, new Date(now.getTime() + afterMs))).toBeNull();
  });
});
