import type { Platform } from "../../../kernel/module/subgraph-module.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { Records } from "../store/records.ts";
import { PersonRecords } from "./person-records.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { RecordIntake } from "./put-records.ts";
import { RecordMatcher } from "./record-matcher.ts";
import { RecordResolver } from "./record-resolver.ts";
import { RecordWorker } from "./record-worker.ts";
import type { ResolutionMeter } from "./resolution-unit.ts";

/** All that has to do with records: taking them in, matching, telling the graph. */
export interface RecordDesk {
  intake: RecordIntake;
  persons: PersonRecords;
  stop(): Promise<void>;
}

/** Opens the desk; its work in the background begins at once. */
export function openRecordDesk(
  store: IdentityStore,
  policy: PolicyInForce,
  meter: ResolutionMeter,
  { database, clock, logger }: Platform,
): RecordDesk {
  const records = new Records(database);
  const matcher = new RecordMatcher();
  const worker = new RecordWorker(
    records,
    matcher,
    new RecordResolver(store, policy, meter),
    logger,
  );
  return {
    intake: new RecordIntake(records, worker, policy, clock),
    persons: new PersonRecords(store.reader, records),
    stop: () => worker.stop(),
  };
}
