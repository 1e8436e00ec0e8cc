import { Counter } from "prom-client";
import type { Platform } from "../../../kernel/module/subgraph-module.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { MatchingModels } from "../store/matching-models.ts";
import { RecordMatches } from "../store/record-matches.ts";
import { Records } from "../store/records.ts";
import { ReviewItems } from "../store/review-items.ts";
import { TrainingRecords } from "../store/training-records.ts";
import { MatchTeller } from "./match-teller.ts";
import { FollowedModel } from "./matching-models.ts";
import { MatchingTraining } from "./matching-training.ts";
import { PersonRecords } from "./person-records.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { RecordIntake } from "./put-records.ts";
import { RecordMatcher } from "./record-matcher.ts";
import { RecordReading } from "./record-reading.ts";
import { RecordResolver } from "./record-resolver.ts";
import { RecordWorker } from "./record-worker.ts";
import { RecordsOfEvents } from "./records-of-events.ts";
import type { ResolutionMeter } from "./resolution-unit.ts";
import type { Tombstones } from "./tombstones.ts";

/** All that has to do with records: taking them in, matching, telling the graph. */
export interface RecordDesk {
  intake: RecordIntake;
  ofEvents: RecordsOfEvents;
  persons: PersonRecords;
  training: MatchingTraining;
  versions: MatchingModels;
  trainingRecords: TrainingRecords;
  stop(): Promise<void>;
}

function refusalCounter(metrics: Platform["metrics"]): Counter {
  return new Counter({
    name: "identity_event_records_refused_total",
    help: "Records that events carried and that are none: no kind, no key, nothing in them, too much",
    registers: [metrics],
  });
}

/** Opens the desk; its work in the background begins at once. */
export function openRecordDesk(
  store: IdentityStore,
  policy: PolicyInForce,
  meter: ResolutionMeter,
  tombstones: Tombstones,
  { database, clock, logger, metrics }: Platform,
): RecordDesk {
  const records = new Records(database);
  const matches = new RecordMatches(database);
  const versions = new MatchingModels(database);
  const models = new FollowedModel(versions);
  const reading = new RecordReading(records);
  const matcher = new RecordMatcher(matches, reading, models, policy);
  const resolver = new RecordResolver(store, policy, meter, tombstones);
  const reviews = new ReviewItems(database);
  const { reader } = store;
  const teller = new MatchTeller({ matches, records, reading, models, resolver, reviews, reader });
  const worker = new RecordWorker(records, matcher, resolver, teller, logger);
  const trainingRecords = new TrainingRecords(database);
  const training = new MatchingTraining({
    models: versions,
    inForce: models,
    training: trainingRecords,
    ...{ matcher, teller, worker, clock, logger },
  });
  const intake = new RecordIntake(records, worker, training, policy, clock);
  return {
    intake,
    ofEvents: new RecordsOfEvents(intake, refusalCounter(metrics), clock, logger),
    persons: new PersonRecords(store.reader, records),
    training,
    versions,
    trainingRecords,
    stop: async () => {
      await training.stop();
      await worker.stop();
    },
  };
}
