import type {
  Platform,
  RunningSubgraph,
  SubgraphModule,
} from "../../kernel/module/subgraph-module.ts";
import { buildSubgraph, type SubgraphSchema } from "../../kernel/federation/build-subgraph.ts";
import { leavingResolver, privacyResolver } from "../../kernel/federation/privacy-resolver.ts";
import type { RequestContext } from "../../kernel/federation/request-context.ts";
import { readActivationConfig } from "./config.ts";
import { AudienceBindingResolver } from "./graphql/audience-bindings.ts";
import { DeliveryResolver } from "./graphql/delivery-resolver.ts";
import { DestinationResolver } from "./graphql/destination-resolver.ts";
import { LineageResolver } from "./graphql/lineage-resolver.ts";
import { PersonResolver } from "./graphql/person-resolver.ts";
import { AudienceRef, PersonType, PurposeRef } from "./graphql/reference-types.ts";
import { statusSubscription } from "./graphql/status-subscription.ts";
import { SyncResolver } from "./graphql/sync-resolver.ts";
import { ActivationMetrics } from "./service/activation-metrics.ts";
import { ChangeKinds } from "./service/change-kinds.ts";
import { DeletionService } from "./service/deletion-service.ts";
import { DestinationService } from "./service/destination-service.ts";
import { webhookKind } from "./service/destinations/webhook-kind.ts";
import { Dispatcher } from "./service/dispatcher.ts";
import { EvidenceDesk } from "./service/evidence.ts";
import { LedgerService } from "./service/ledger-service.ts";
import { AddressGuard } from "./service/outbound/address-guard.ts";
import { ActivationPrivacy } from "./service/privacy.ts";
import { Reconciler } from "./service/reconciler.ts";
import { SyncService } from "./service/sync-service.ts";
import { Workers } from "./service/workers.ts";
import type { Workshop } from "./service/workshop.ts";
import { activationMigrations } from "./store/migrations.ts";
import { PostgresCheckStore } from "./store/postgres-check-store.ts";
import { PostgresClearingStore } from "./store/postgres-clearing-store.ts";
import { PostgresDestinationStore } from "./store/postgres-destination-store.ts";
import { PostgresLaneStore } from "./store/postgres-lane-store.ts";
import { PostgresLedgerStore } from "./store/postgres-ledger-store.ts";
import { PostgresMemberStore } from "./store/postgres-member-store.ts";
import { PostgresOutcomeStore } from "./store/postgres-outcome-store.ts";
import { PostgresSyncStore } from "./store/postgres-sync-store.ts";
import { PostgresTellingStore } from "./store/postgres-telling-store.ts";
import { SecretBox } from "./store/secret-box.ts";

/** Destinations, syncs, deliveries: each channel gets exactly what is so and what is allowed. */
export const activationModule: SubgraphModule = {
  name: "activation",
  migrations: activationMigrations,
  readSettings: readActivationConfig,
  start,
};

async function start(platform: Platform): Promise<RunningSubgraph> {
  const config = readActivationConfig(platform.config.environment);
  const { workshop, dispatcher } = furnish(platform, config);
  const ledgerStore = new PostgresLedgerStore();
  const workers = new Workers(workshop, dispatcher, ledgerStore, config.ledgerDays);
  const wakeLane = (destination: string) => dispatcher.wake(destination);
  const refreshLanes = () => dispatcher.refresh();
  const destinations = new DestinationService(workshop, refreshLanes);
  const deletions = new DeletionService(workshop, refreshLanes, () => workers.clearer.wake());
  const ledger = new LedgerService(workshop, ledgerStore, wakeLane);
  const syncs = new SyncService(workshop, platform.subgraphs, {
    sweeper: () => workers.sweeper.wake(),
    lane: wakeLane,
  });
  const privacy = new ActivationPrivacy(workshop);
  const schema = face(platform, privacy, { destinations, deletions, syncs, ledger });
  await workers.start(platform.streams);
  return {
    schema,
    routes: [],
    ready: async () => {
      await platform.database.query("select 1 from activation.destinations limit 1");
    },
    stop: () => workers.stop(),
  };
}

interface Services {
  destinations: DestinationService;
  deletions: DeletionService;
  syncs: SyncService;
  ledger: LedgerService;
}

/** The public schema over the services. */
function face(
  platform: Platform,
  privacy: ActivationPrivacy,
  { destinations, deletions, syncs, ledger }: Services,
): SubgraphSchema {
  const ofDestinations = new DestinationResolver(destinations, deletions, syncs, ledger);
  const ofSyncs = new SyncResolver(syncs, deletions, ofDestinations);
  const ofDeliveries = new DeliveryResolver(ledger, ofDestinations, ofSyncs);
  type Named = { name: string };
  return buildSubgraph({
    name: "activation",
    resolvers: [
      ofDestinations,
      ofSyncs,
      ofDeliveries,
      new LineageResolver(new ChangeKinds(platform.subgraphs)),
      new AudienceBindingResolver(syncs),
      new PersonResolver(ledger),
      statusSubscription(platform.streams, ofDeliveries),
      privacyResolver("Activation", privacy),
      leavingResolver((subject) => privacy.leave(subject)),
    ],
    orphanedTypes: [PersonType, AudienceRef, PurposeRef],
    references: {
      Person: ({ id }: { id: string }) => ({ id }),
      Destination: ({ name }: Named, context: RequestContext) => ofDestinations.load(context, name),
      Sync: ({ name }: Named, context: RequestContext) => ofSyncs.load(context, name),
      Delivery: ({ id }: { id: string }, context: RequestContext) => ofDeliveries.load(context, id),
    },
  });
}

/** Puts the workshop together; the only place that names adapters. */
function furnish(
  platform: Platform,
  config: ReturnType<typeof readActivationConfig>,
): { workshop: Workshop; dispatcher: Dispatcher } {
  const { database, clock, logger, streams, subgraphs, metrics } = platform;
  const tellings = new PostgresTellingStore(database.engine === "postgres");
  const webhook = webhookKind(new AddressGuard(platform.config.outboundAllow));
  const workshop: Workshop = {
    database,
    clock,
    logger,
    metrics: new ActivationMetrics(metrics),
    retry: config.retry,
    kinds: new Map([[webhook.kind, webhook]]),
    desk: new EvidenceDesk(subgraphs, (subgraph, error) =>
      logger.warn("a subgraph could not be asked; nothing is sent without it", { subgraph, error }),
    ),
    reconciler: new Reconciler(tellings, streams, clock, () => dispatcher),
    destinations: new PostgresDestinationStore(new SecretBox(config.secretsKey?.reveal() ?? null)),
    syncs: new PostgresSyncStore(database.engine === "postgres"),
    lanes: new PostgresLaneStore(),
    outcomes: new PostgresOutcomeStore(),
    tellings,
    checks: new PostgresCheckStore(),
    members: new PostgresMemberStore(),
    clearings: new PostgresClearingStore(),
  };
  const dispatcher: Dispatcher = new Dispatcher(workshop);
  return { workshop, dispatcher };
}
