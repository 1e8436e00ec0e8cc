import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = [Address, number];

/** Finds the addresses of a host name; DNS unless a test says otherwise. */
export type Resolve = (host: string) => Promise<string[]>;

const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true })).map((entry) => entry.address);

/** The address is not one a destination may reach. */
export class AddressBlocked extends Error {
  constructor() {
    super("The address is not public and OUTBOUND_ALLOW does not name it");
    this.name = "AddressBlocked";
  }
}

/**
 * Decides which addresses destinations may reach: public unicast, and what `allow` names (CIDRs).
 * Everything else is refused: loopback, private, link-local (cloud metadata), shared, multicast,
 * reserved, what clouds serve on a public number, and IPv6 forms that hide an IPv4 address (mapped
 * ones are judged as what they hide).
 */
export class AddressGuard {
  private readonly allowed: Range[];
  private readonly resolve: Resolve;

  /** Throws when an entry of `allow` is no CIDR. */
  constructor(allow: readonly string[], resolve: Resolve = resolveByDns) {
    this.allowed = allow.map((cidr) => ipaddr.parseCIDR(cidr));
    this.resolve = resolve;
  }

  permits(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    if (this.allowed.some(([base, bits]) => isWithin(address, base, bits))) return true;
    return address.range() === "unicast" && isAssigned(address) && !isOfPlatform(address);
  }

  /**
   * False when the host is an address literal that is refused; names are judged when connecting.
   */
  permitsHost(host: string): boolean {
    const bare = bareHost(host);
    return isIP(bare) === 0 || this.permits(bare);
  }

  /**
   * The address to connect to: resolved once, every answer checked, the first permitted one pinned,
   * so that a name cannot change its mind between check and connection. Throws AddressBlocked.
   */
  async pin(host: string): Promise<string> {
    const bare = bareHost(host);
    const addresses = isIP(bare) === 0 ? await this.resolve(bare) : [bare];
    const permitted = addresses.find((address) => this.permits(address));
    if (permitted === undefined) throw new AddressBlocked();
    return permitted;
  }
}

/** Of IPv6 only 2000::/3 is given out; beside it `::127.0.0.1` and its like hide addresses. */
const globalUnicast = ipaddr.parseCIDR("2000::/3");

/** Public by its number, and yet served to each machine of that cloud from inside. */
const platformAddresses = [ipaddr.parse("168.63.129.16")];

function isOfPlatform(address: Address): boolean {
  return platformAddresses.some((one) => one.toString() === address.toString());
}

function isAssigned(address: Address): boolean {
  return address.kind() === "ipv4" || isWithin(address, ...globalUnicast);
}

function bareHost(host: string): string {
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

function isWithin(address: Address, base: Address, bits: number): boolean {
  if (address.kind() !== base.kind()) return false;
  return (address as ipaddr.IPv4).match(base as ipaddr.IPv4, bits);
}
