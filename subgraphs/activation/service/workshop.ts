import type { Database } from "../../../kernel/database/database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { RetrySchedule } from "../domain/retry-schedule.ts";
import type { PostgresCheckStore } from "../store/postgres-check-store.ts";
import type { PostgresClearingStore } from "../store/postgres-clearing-store.ts";
import type { PostgresDestinationStore } from "../store/postgres-destination-store.ts";
import type { PostgresLaneStore } from "../store/postgres-lane-store.ts";
import type { PostgresMemberStore } from "../store/postgres-member-store.ts";
import type { PostgresOutcomeStore } from "../store/postgres-outcome-store.ts";
import type { PostgresSyncStore } from "../store/postgres-sync-store.ts";
import type { PostgresTellingStore } from "../store/postgres-telling-store.ts";
import type { ActivationMetrics } from "./activation-metrics.ts";
import type { DestinationKinds } from "./destinations/destination-kind.ts";
import type { EvidenceDesk } from "./evidence.ts";
import type { Reconciler } from "./reconciler.ts";

/** What the workers of this subgraph work with; put together in `module.ts`. */
export interface Workshop {
  database: Database;
  clock: Clock;
  logger: Logger;
  metrics: ActivationMetrics;
  retry: RetrySchedule;
  kinds: DestinationKinds;
  desk: EvidenceDesk;
  reconciler: Reconciler;
  destinations: PostgresDestinationStore;
  syncs: PostgresSyncStore;
  lanes: PostgresLaneStore;
  outcomes: PostgresOutcomeStore;
  tellings: PostgresTellingStore;
  checks: PostgresCheckStore;
  members: PostgresMemberStore;
  clearings: PostgresClearingStore;
}
