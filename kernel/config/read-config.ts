import { isIP } from "node:net";
import { DomainError } from "../errors/domain-error.ts";
import type { LogLevel } from "../logging/logger.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that cannot be used: each problem is a sentence that names the setting. */
export class SettingsError extends DomainError {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const list = problems.map((each) => `- ${each}`).join("\n");
    super("BAD_INPUT", `The settings cannot be used:\n${list}`);
    this.problems = problems;
  }
}

/** A value that never prints. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}

/** Everything the environment decides, read once at start. `docs/configuration.md` is made of this. */
export interface Config {
  /** Address to listen on. HOST, default 127.0.0.1. */
  host: string;
  /** Port of the gateway, or of the one process. PORT, default 4000; 0 picks a free one. */
  port: number;
  /** Folder of the embedded database. DATA_DIR, default ./data. */
  dataDir: string;
  /** PostgreSQL in place of the embedded database. DATABASE_URL. */
  databaseUrl: Secret | null;
  /** The identity graph on Neo4j. NEO4J_URI, NEO4J_USERNAME (neo4j), NEO4J_PASSWORD. */
  neo4j: { uri: string; username: string; password: Secret } | null;
  /** First API key, at least 32 characters; made at first start when absent. ROOT_KEY. */
  rootKey: Secret | null;
  /** Signs what the gateway tells the subgraphs; at least 32 characters. CONTEXT_SECRET. */
  contextSecret: Secret | null;
  /** CIDRs that destinations may reach beside public addresses. OUTBOUND_ALLOW. */
  outboundAllow: string[];
  /** Web origins that may use GraphQL from a browser. CORS_ORIGINS, comma-separated. */
  corsOrigins: string[];
  /** Where each subgraph listens in the layout of services. <NAME>_URL, default http://127.0.0.1:4001 … 4006. */
  subgraphUrls: Record<string, string>;
  /** LOG_LEVEL: debug, info, warn, error or silent. Default info. */
  logLevel: LogLevel;
  /** Days a change stream is kept at least. STREAM_RETENTION_DAYS, 0.0001–3650, default 30. */
  streamRetentionDays: number;
  /** Days the event log is kept. EVENT_RETENTION_DAYS, 0.0001–36500, default 3650. */
  eventRetentionDays: number;
  /** The raw environment, for the settings of one subgraph (its config.ts). */
  environment: Environment;
}

/** The subgraphs in the order of their default ports, 4001 and up. */
export const subgraphNames = [
  "identity",
  "events",
  "consent",
  "audiences",
  "experiments",
  "activation",
] as const;

const secretLengthMin = 32;

/** Collects every problem of the environment before it stops: one start shows them all. */
export class Reader {
  readonly problems: string[] = [];
  private readonly environment: Environment;

  constructor(environment: Environment) {
    this.environment = environment;
  }

  text(name: string): string | null {
    const value = this.environment[name]?.trim();
    return value === undefined || value === "" ? null : value;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const text = this.text(name);
    if (text === null) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    this.problems.push(`${name} must be a whole number from ${min} to ${max}, not "${text}".`);
    return fallback;
  }

  number(name: string, fallback: number, min: number, max: number): number {
    const text = this.text(name);
    if (text === null) return fallback;
    const value = Number(text);
    if (value >= min && value <= max) return value;
    this.problems.push(`${name} must be a number from ${min} to ${max}, not "${text}".`);
    return fallback;
  }

  oneOf<T extends string>(name: string, fallback: T, values: readonly T[]): T {
    const text = this.text(name);
    if (text === null) return fallback;
    const value = values.find((each) => each === text.toLowerCase());
    if (value) return value;
    this.problems.push(`${name} must be one of ${values.join(", ")}, not "${text}".`);
    return fallback;
  }

  list(name: string): string[] | null {
    const text = this.text(name);
    if (text === null) return null;
    return text
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean);
  }

  url(name: string, protocols: readonly string[]): string | null {
    const text = this.text(name);
    if (text === null) return null;
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text;
    const beginnings = protocols.map((protocol) => `${protocol}//`).join(" or ");
    this.problems.push(`${name} must be a URL beginning with ${beginnings}.`);
    return null;
  }

  /** Networks, comma-separated: `10.0.0.0/8`, `fd00::/8`. */
  networks(name: string): string[] | null {
    const networks = this.list(name);
    for (const network of networks ?? []) {
      const [address = "", bits = "", ...rest] = network.split("/");
      const bitsMax = isIP(address) === 6 ? 128 : 32;
      const isNetwork = isIP(address) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax;
      if (isNetwork && rest.length === 0) continue;
      this.problems.push(`${name} must name networks such as 10.0.0.0/8, not "${network}".`);
    }
    return networks;
  }

  /** Web origins, comma-separated: `https://crm.example`. */
  origins(name: string): string[] | null {
    const origins = this.list(name);
    for (const origin of origins ?? []) {
      const url = URL.canParse(origin) ? new URL(origin) : null;
      if (url && /^https?:$/.test(url.protocol) && url.href.replace(/\/$/, "") === url.origin)
        continue;
      this.problems.push(`${name} must name origins such as https://crm.example, not "${origin}".`);
    }
    return origins;
  }

  secret(name: string, lengthMin = 0): Secret | null {
    const text = this.text(name);
    if (text === null) return null;
    if (text.length < lengthMin) {
      this.problems.push(`${name} must have at least ${lengthMin} characters.`);
    }
    return new Secret(text);
  }

  /** Throws SettingsError with all problems at once. */
  finish(): void {
    if (this.problems.length > 0) throw new SettingsError(this.problems);
  }
}

/** Reads and checks what every part reads; throws SettingsError naming every problem. */
export function readConfig(environment: Environment = process.env): Config {
  const reader = new Reader(environment);
  const host = reader.text("HOST") ?? "127.0.0.1";
  const databaseUrl = reader.url("DATABASE_URL", ["postgres:", "postgresql:"]);
  const config: Config = {
    host,
    port: reader.integer("PORT", 4000, 0, 65_535),
    dataDir: reader.text("DATA_DIR") ?? "./data",
    databaseUrl: databaseUrl === null ? null : new Secret(databaseUrl),
    neo4j: readNeo4j(reader),
    rootKey: reader.secret("ROOT_KEY", secretLengthMin),
    contextSecret: reader.secret("CONTEXT_SECRET", secretLengthMin),
    outboundAllow:
      reader.networks("OUTBOUND_ALLOW") ?? (isLoopback(host) ? ["127.0.0.0/8", "::1/128"] : []),
    corsOrigins: reader.origins("CORS_ORIGINS") ?? [],
    subgraphUrls: readSubgraphUrls(reader),
    logLevel: reader.oneOf("LOG_LEVEL", "info", ["debug", "info", "warn", "error", "silent"]),
    streamRetentionDays: reader.number("STREAM_RETENTION_DAYS", 30, 0.0001, 3_650),
    eventRetentionDays: reader.number("EVENT_RETENTION_DAYS", 3_650, 0.0001, 36_500),
    environment,
  };
  reader.finish();
  return Object.freeze(config);
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function readNeo4j(reader: Reader): Config["neo4j"] {
  const schemes = ["bolt:", "bolt+s:", "bolt+ssc:", "neo4j:", "neo4j+s:", "neo4j+ssc:"];
  const uri = reader.url("NEO4J_URI", schemes);
  if (uri === null) return null;
  return {
    uri,
    username: reader.text("NEO4J_USERNAME") ?? "neo4j",
    password: reader.secret("NEO4J_PASSWORD") ?? new Secret(""),
  };
}

function readSubgraphUrls(reader: Reader): Record<string, string> {
  return Object.fromEntries(
    subgraphNames.map((name, index) => [
      name,
      reader.url(`${name.toUpperCase()}_URL`, ["http:", "https:"]) ??
        `http://127.0.0.1:${4001 + index}`,
    ]),
  );
}
