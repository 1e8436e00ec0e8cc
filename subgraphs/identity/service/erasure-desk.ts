import type { Platform } from "../../../kernel/module/subgraph-module.ts";
import { Erasures } from "../store/erasures.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { erasureSteps } from "./erasure-steps.ts";
import { ErasureWorker } from "./erasure-worker.ts";
import { Erasing } from "./erasing.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import type { Tombstones } from "./tombstones.ts";

/** Erasures, taken on and carried out. */
export interface ErasureDesk {
  erasing: Erasing;
  stop(): Promise<void>;
}

/** Starts what carries erasures out; what was left open by an earlier process goes on. */
export async function openErasureDesk(
  store: IdentityStore,
  policy: PolicyInForce,
  tombstones: Tombstones,
  platform: Platform,
): Promise<ErasureDesk> {
  const { clock, logger, database } = platform;
  const erasures = new Erasures(database);
  if (database.engine === "pglite") await erasures.release();
  const steps = erasureSteps({ platform, store, erasures, policy, tombstones });
  const worker = new ErasureWorker({ erasures, steps, clock, logger });
  const erasing = new Erasing({
    ...{ reader: store.reader, erasures, policy, tombstones, clock },
    wake: () => worker.wake(),
  });
  worker.start();
  return { erasing, stop: () => worker.stop() };
}
