import { accept, openEngines, openStoreOn, settled } from "./neo4j-world.ts";
import { identityStoreContract, type OpenStore } from "./store-contract.ts";

async function openStore(): Promise<OpenStore> {
  const engines = await openEngines();
  const { database, streams } = engines;
  const store = await openStoreOn(engines);
  return {
    store,
    accept: (events) => accept(engines, events),
    announced: async (after) => {
      await settled(store);
      return streams.read(database, "identity", after, 1_000);
    },
    head: () => streams.head("identity"),
    close: async () => {
      await store.close();
      await streams.stop();
      await database.close();
    },
  };
}

identityStoreContract("Neo4j", openStore);
