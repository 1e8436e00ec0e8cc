import { Gauge, type Registry } from "prom-client";
import type { Database } from "../../kernel/database/database.ts";
import { countParked } from "../../kernel/streams/parked-entries.ts";

/** What `/metrics` tells about entries that parts could not work off; nothing while there is no database. */
export function measureParked(database: Database, registry: Registry): void {
  new Gauge({
    name: "selfsame_stream_entries_parked",
    help: "Entries of streams that a consumer could not work off and has passed over. Healthy: none.",
    labelNames: ["consumer"],
    registers: [registry],
    async collect() {
      this.reset();
      const counts = await countParked(database).catch(() => new Map<string, number>());
      for (const [consumer, count] of counts) this.set({ consumer }, count);
    },
  });
}
