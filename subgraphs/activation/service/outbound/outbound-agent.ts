import { isIP } from "node:net";
import { Agent, buildConnector } from "undici";
import type { AddressGuard } from "./address-guard.ts";

const connectTimeoutMs = 5_000;
const keepAliveMs = 30_000;

/**
 * Connections of one destination: its own pool, so that no other destination waits for it, each
 * connection made only to an address the guard has pinned. TLS still checks the name.
 */
export function createOutboundAgent(guard: AddressGuard, connections: number): Agent {
  const connect = buildConnector({ timeout: connectTimeoutMs, allowH2: false });
  return new Agent({
    connections,
    pipelining: 1,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    maxHeaderSize: 16_384,
    connect: (options, callback) => {
      const { hostname } = options;
      const servername = options.servername || (isIP(hostname) === 0 ? hostname : "");
      guard.pin(hostname).then(
        (address) => connect({ ...options, hostname: address, servername }, callback),
        (error: Error) => callback(error, null),
      );
    },
  });
}
