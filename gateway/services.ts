import { randomBytes } from "node:crypto";
import { type Config, subgraphNames } from "../kernel/config/read-config.ts";
import { readTogether } from "../kernel/config/read-together.ts";
import { openPostgresDatabase } from "../kernel/database/postgres-database.ts";
import { DomainError } from "../kernel/errors/domain-error.ts";
import { createLogger } from "../kernel/logging/logger.ts";
import { startOrExplain } from "../kernel/module/command-line.ts";
import { allSettings } from "./all-settings.ts";
import { checkNeo4j } from "./services/check-neo4j.ts";
import { ServiceProcess } from "./services/service-process.ts";

const usage = `Selfsame as services: each subgraph and the gateway as a process of its own, on loopback.

  DATABASE_URL  PostgreSQL; needed
  NEO4J_URI, NEO4J_USERNAME, NEO4J_PASSWORD  the identity graph; needed
  PORT, HOST    where the gateway listens (4000, 127.0.0.1)
  IDENTITY_URL … ACTIVATION_URL  where the subgraphs listen (http://127.0.0.1:4001 … 4006)
  CONTEXT_SECRET  made for this run when absent
All settings: docs/configuration.md`;

/** Nobody's address: an empty list of allowed networks would mean "the default". */
const noNetwork = "255.255.255.255/32";

async function main(): Promise<void> {
  const config = readTogether(allSettings);
  await checkEngines(config);
  const environment: NodeJS.ProcessEnv = {
    ...config.environment,
    CONTEXT_SECRET: config.contextSecret?.reveal() ?? randomBytes(32).toString("base64url"),
    // Decided by the HOST of the gateway, which the subgraphs do not get to see.
    OUTBOUND_ALLOW: config.outboundAllow.join(",") || noNetwork,
  };
  const subgraphs = subgraphNames.map(
    (name) =>
      new ServiceProcess(name, `../subgraphs/${name}/server`, {
        ...environment,
        HOST: "127.0.0.1",
      }),
  );
  const gateway = new ServiceProcess("gateway", "./server", environment);
  const all = [...subgraphs, gateway];
  const stop = async (code: number) => {
    await gateway.stop();
    await Promise.all(subgraphs.map((service) => service.stop()));
    process.exit(code);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(0));
  for (const service of all) {
    service.onGivenUp = (message) => {
      process.stderr.write(`Selfsame cannot run. ${message}\n`);
      void stop(1);
    };
  }
  await Promise.all(subgraphs.map((service) => service.start()));
  // The gateway's line says that all is ready.
  await gateway.start((line) => process.stdout.write(`${line}\n`));
}

async function checkEngines(config: Config): Promise<void> {
  if (!config.databaseUrl || !config.neo4j) {
    const missing = [config.databaseUrl ? "" : "DATABASE_URL", config.neo4j ? "" : "NEO4J_URI"];
    const names = missing.filter(Boolean).join(" and ");
    const message = `The layout of services needs ${names}. (npm start needs neither.)`;
    throw new DomainError("BAD_INPUT", message);
  }
  const database = await openPostgresDatabase(config.databaseUrl.reveal(), createLogger("silent"));
  await database.close();
  await checkNeo4j(config.neo4j);
}

await startOrExplain(usage, main);
