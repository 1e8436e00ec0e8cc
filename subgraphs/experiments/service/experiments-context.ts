import type { Database } from "../../../kernel/database/database.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { PersonIndex } from "../../../kernel/persons/person-index.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { ExperimentStore } from "../store/experiment-store.ts";

/** What every use case of experiments works with. */
export interface ExperimentsContext {
  clock: Clock;
  database: Database;
  logger: Logger;
  streams: Streams;
  store: ExperimentStore;
  persons: PersonIndex;
}
