import { buildSubgraph } from "../kernel/federation/build-subgraph.ts";
import type {
  Platform,
  RunningSubgraph,
  SubgraphModule,
} from "../kernel/module/subgraph-module.ts";
import { ApiKeyReader } from "./authentication/api-key-reader.ts";
import { Authenticator, type CredentialReader } from "./authentication/authenticator.ts";
import { TokenReader } from "./authentication/token-reader.ts";
import { readGatewayConfig } from "./config.ts";
import { ApiKeyResolver } from "./graphql/api-key-resolver.ts";
import { ParkedEntryResolver } from "./graphql/parked-entry-resolver.ts";
import { StreamHeadResolver } from "./graphql/stream-head-resolver.ts";
import { ApiKeys } from "./service/api-keys.ts";
import { measureParked } from "./service/parked-metrics.ts";
import { migrations } from "./store/migrations.ts";
import { PostgresApiKeyStore } from "./store/postgres-api-key-store.ts";

/** The gateway's own part of the supergraph, and who may come in. */
export interface RunningGatewayPart extends RunningSubgraph {
  authenticator: Authenticator;
  /** The root key, when this start made it: to be printed once. */
  newRootKey: string | null;
}

export interface GatewayModule extends SubgraphModule {
  start(platform: Platform): Promise<RunningGatewayPart>;
}

/** API keys, stream heads and parked entries; keeps the streams trimmed. Always runs where the gateway runs. */
export const gatewayModule: GatewayModule = {
  name: "gateway",
  migrations,
  async start({ config, database, clock, streams, metrics }) {
    const { token } = readGatewayConfig(config.environment);
    const store = new PostgresApiKeyStore(database);
    const apiKeys = new ApiKeys(store, database.wakeUps, clock);
    const newRootKey = await apiKeys.ensureRoot(config.rootKey?.reveal() ?? null);
    const keyReader = new ApiKeyReader(store, database.wakeUps);
    streams.keepTrimmed((name) =>
      name === "events" ? config.eventRetentionDays : config.streamRetentionDays,
    );
    measureParked(database, metrics);
    const readers: CredentialReader[] = token ? [new TokenReader(token), keyReader] : [keyReader];
    return {
      schema: buildSubgraph({
        name: "gateway",
        resolvers: [
          new ApiKeyResolver(apiKeys),
          new StreamHeadResolver(streams),
          new ParkedEntryResolver(database),
        ],
      }),
      routes: [],
      authenticator: new Authenticator(readers),
      newRootKey,
      ready: async () => void (await database.query("select 1")),
      stop: async () => keyReader.close(),
    };
  },
};
