import { migrate } from "../../kernel/database/migrate.ts";
import { createLogger } from "../../kernel/logging/logger.ts";
import { Streams } from "../../kernel/streams/streams.ts";
import { systemClock } from "../../kernel/time/clock.ts";
import { identityMigrations } from "../../subgraphs/identity/store/migrations.ts";
import { PostgresIdentityStore } from "../../subgraphs/identity/store/postgres-identity-store.ts";
import { openTestDatabase } from "../kernel/test-platform.ts";
import { identityStoreContract, type OpenStore } from "./store-contract.ts";

async function openStore(): Promise<OpenStore> {
  const database = await openTestDatabase();
  const logger = createLogger("silent");
  const streams = await Streams.open(database, logger, systemClock);
  await migrate(database, "identity", identityMigrations);
  return {
    store: new PostgresIdentityStore({ database, streams, clock: systemClock, logger }),
    accept: (events) =>
      database.transaction((tx) =>
        streams.append(
          tx,
          "events",
          events.map((payload) => ({
            key: `${payload.source}/${payload.messageId}`,
            kind: "ACCEPTED",
            payload,
          })),
        ),
      ),
    announced: (after) => streams.read(database, "identity", after, 1_000),
    head: () => streams.head("identity"),
    close: async () => {
      await streams.stop();
      await database.close();
    },
  };
}

identityStoreContract(process.env.TEST_DATABASE_URL ? "PostgreSQL" : "PGlite", openStore);
