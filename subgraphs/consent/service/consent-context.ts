import type { Database } from "../../../kernel/database/database.ts";
import type { PersonIndex } from "../../../kernel/persons/person-index.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { ConsentStore } from "../store/consent-store.ts";

/** What every use case of consent works with. */
export interface ConsentContext {
  clock: Clock;
  database: Database;
  streams: Streams;
  store: ConsentStore;
  persons: PersonIndex;
}
