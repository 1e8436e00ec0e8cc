import type {
  Platform,
  RunningSubgraph,
  SubgraphModule,
} from "../../kernel/module/subgraph-module.ts";
import { buildSubgraph } from "../../kernel/federation/build-subgraph.ts";
import { privacyResolver } from "../../kernel/federation/privacy-resolver.ts";
import { ContractResolver } from "./graphql/contract-resolver.ts";
import { IngestionResolver } from "./graphql/ingestion-resolver.ts";
import { QuarantineResolver } from "./graphql/quarantine-resolver.ts";
import { SourceResolver, toSource } from "./graphql/source-resolver.ts";
import { EventResolver, TimelineResolver } from "./graphql/timeline-resolver.ts";
import { PersonType } from "./graphql/timeline-types.ts";
import { SegmentApi } from "./http/segment-api.ts";
import { ContractRegistry } from "./service/contract-registry.ts";
import { ContractService } from "./service/contract-service.ts";
import { ErasedEvents } from "./service/erased-events.ts";
import { EventReads } from "./service/event-reads.ts";
import { EventWriter } from "./service/event-writer.ts";
import { Ingestion } from "./service/ingestion.ts";
import { IngestionMetrics } from "./service/ingestion-metrics.ts";
import { EventPrivacy } from "./service/privacy.ts";
import { QuarantineService } from "./service/quarantine-service.ts";
import { SourceReads } from "./service/source-reads.ts";
import { SourceService } from "./service/source-service.ts";
import { SourceStatisticsWriter } from "./service/source-statistics.ts";
import { TimelineKeeper } from "./service/timeline-keeper.ts";
import { TimelineService } from "./service/timeline-service.ts";
import { WriteKeys } from "./service/write-keys.ts";
import { EventTombstones } from "./store/event-tombstones.ts";
import { eventsMigrations } from "./store/migrations.ts";
import { PostgresContractStore } from "./store/postgres-contract-store.ts";
import { PostgresEventLog } from "./store/postgres-event-log.ts";
import { PostgresQuarantineStore } from "./store/postgres-quarantine-store.ts";
import { PostgresSourceStore } from "./store/postgres-source-store.ts";
import { PostgresTimelineStore } from "./store/postgres-timeline-store.ts";

/** Entries of the identity stream that one transaction of the timeline takes. */
const identityBatchSize = 500;

/** Takes events in, keeps them, holds them to their contracts, shows them as timelines. */
export const eventsModule: SubgraphModule = {
  name: "events",
  migrations: eventsMigrations,
  start,
};

async function start(platform: Platform): Promise<RunningSubgraph> {
  const parts = assemble(platform);
  const { writer, counts, contracts, keys, api, timelines } = parts;
  await contracts.start();
  await parts.tombstones.start();
  const consumer = platform.streams.consume({
    consumer: "events",
    stream: "identity",
    batchSize: identityBatchSize,
    handle: (transaction, entries) => timelines.apply(transaction, entries),
  });
  const keeper = new TimelineKeeper({ ...platform, store: parts.timelineStore });
  return {
    schema: schemaOf(parts),
    routes: api.routes(),
    ready: async () => void (await platform.database.query("select 1")),
    stop: async () => {
      await api.stop();
      await writer.stop();
      await consumer.stop();
      await keeper.stop();
      await counts.stop();
      contracts.stop();
      parts.tombstones.stop();
      keys.stop();
    },
  };
}

type Parts = ReturnType<typeof assemble>;

function assemble({ database, streams, clock, logger, metrics }: Platform) {
  const sourceStore = new PostgresSourceStore();
  const log = new PostgresEventLog(database, streams, clock);
  const registry = new ContractRegistry();
  const writer = new EventWriter(log, clock);
  const counts = new SourceStatisticsWriter(database, sourceStore, logger);
  const keys = new WriteKeys(database, sourceStore, clock);
  const counted = new IngestionMetrics(metrics, writer, counts);
  const tombstones = new EventTombstones(database);
  const erased = new ErasedEvents(tombstones);
  const ingestion = new Ingestion({ writer, contracts: registry, counts: counted, clock, erased });
  const quarantineStore = new PostgresQuarantineStore();
  const timelineStore = new PostgresTimelineStore();
  return {
    writer,
    counts,
    keys,
    registry,
    ingestion,
    tombstones,
    privacy: new EventPrivacy(database, tombstones),
    api: new SegmentApi({ ingestion, writeKeys: keys, logger }),
    contracts: new ContractService(database, new PostgresContractStore(), registry, clock),
    sources: new SourceService(database, sourceStore, keys, clock),
    sourceReads: new SourceReads(database, sourceStore, counts),
    eventReads: new EventReads(database, log, sourceStore),
    timelineStore,
    timelines: new TimelineService(database, timelineStore, log),
    quarantine: new QuarantineService({
      database,
      store: quarantineStore,
      log,
      contracts: registry,
      clock,
    }),
  };
}

function schemaOf(parts: Parts) {
  const { sources, sourceReads } = parts;
  return buildSubgraph({
    name: "events",
    resolvers: [
      new SourceResolver(sources, sourceReads),
      new ContractResolver(parts.contracts, parts.registry),
      new IngestionResolver(parts.ingestion, sources),
      new QuarantineResolver(parts.quarantine, sourceReads),
      new TimelineResolver(parts.timelines),
      new EventResolver(parts.eventReads, sourceReads),
      privacyResolver("Events", parts.privacy),
    ],
    orphanedTypes: [PersonType],
    references: {
      Person: (reference: { id: string }) => reference,
      Source: async (reference: { name: string }, context) => {
        const loader = context.loader("events.sources", (names: readonly string[]) =>
          sourceReads.byNames(names),
        );
        const source = await loader.load(reference.name);
        return source && toSource(source);
      },
    },
  });
}
