import type { Transaction } from "../../../kernel/database/database.ts";
import { problem } from "../../../kernel/errors/problem.ts";
import type { Destination } from "../domain/destination.ts";
import type { Sync } from "../domain/sync.ts";
import { clearSync } from "./clearing.ts";
import { type Outcome, refused, unknownDestination } from "./destination-service.ts";
import { unknownSync } from "./sync-service.ts";
import type { Workshop } from "./workshop.ts";

/** A problem names at most so many syncs. */
const namedMax = 10;

/**
 * Deleting what people defined. From the moment it is deleted a sync sends nothing; what was under
 * way ends in its own time. Nobody is told out. Deleting anew what was deleted changes nothing.
 */
export class DeletionService {
  private readonly workshop: Workshop;
  private readonly refreshLanes: () => Promise<void>;
  private readonly wakeClearer: () => void;

  constructor(workshop: Workshop, refreshLanes: () => Promise<void>, wakeClearer: () => void) {
    this.workshop = workshop;
    this.refreshLanes = refreshLanes;
    this.wakeClearer = wakeClearer;
  }

  async deleteSync(name: string): Promise<Outcome<Sync>> {
    const { database, syncs } = this.workshop;
    await database.transaction(
      async (tx) => {
        await syncs.change(tx);
        await this.end(tx, name);
      },
      { isRepeatable: true },
    );
    await this.clear([name]);
    const [sync] = await syncs.byNames(database, [name]);
    return sync ? { result: sync, problems: [] } : refused([unknownSync()]);
  }

  /** `deleteSyncs`: with its syncs; else it is refused while it has any. */
  async deleteDestination(name: string, deleteSyncs: boolean): Promise<Outcome<Destination>> {
    const { database, syncs, destinations, clock } = this.workshop;
    const own = await database.transaction(
      async (tx) => {
        await syncs.change(tx);
        const names = (await syncs.ofDestinations(tx, [name])).map((sync) => sync.name);
        if (names.length > 0 && !deleteSyncs) return { names, isRefused: true };
        for (const sync of names) await this.end(tx, sync);
        await destinations.delete(tx, name, clock.now());
        return { names, isRefused: false };
      },
      { isRepeatable: true },
    );
    if (own.isRefused) return refused([stillInUse(own.names)]);
    await this.refreshLanes();
    await this.clear(own.names);
    const [destination] = await destinations.byNames(database, [name]);
    if (!destination) return refused([unknownDestination("name")]);
    return { result: destination, problems: [] };
  }

  /** What waits is parked in the same transaction, so that no lane can take it any more. */
  private async end(tx: Transaction, name: string): Promise<void> {
    const { syncs, lanes, clock } = this.workshop;
    const now = clock.now();
    if (await syncs.delete(tx, name, now)) await lanes.park(tx, name, true, now);
  }

  private async clear(names: readonly string[]): Promise<void> {
    for (const name of names) await clearSync(this.workshop, name);
    this.wakeClearer();
  }
}

function stillInUse(syncs: readonly string[]) {
  const named = syncs.slice(0, namedMax).join(", ");
  const rest = syncs.length > namedMax ? ` and ${syncs.length - namedMax} more` : "";
  const message = `These syncs still send to it: ${named}${rest}. Delete them, or set deleteSyncs.`;
  return problem("DESTINATION_IN_USE", message, ["name"]);
}
