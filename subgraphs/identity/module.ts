import { Counter } from "prom-client";
import type { Database } from "../../kernel/database/database.ts";
import { buildSubgraph } from "../../kernel/federation/build-subgraph.ts";
import type { GraphDatabase } from "../../kernel/graph/graph-database.ts";
import type { Platform, SubgraphModule } from "../../kernel/module/subgraph-module.ts";
import { AccountFields, PersonAccounts } from "./graphql/account-fields.ts";
import { ChangeResolver } from "./graphql/change-resolver.ts";
import { ErasureResolver } from "./graphql/erasure-resolver.ts";
import { ExportResolver } from "./graphql/export-resolver.ts";
import { ExplanationResolver } from "./graphql/explanation-resolver.ts";
import { IdentifierFields } from "./graphql/identifier-fields.ts";
import { identitySubscription } from "./graphql/identity-changed.ts";
import { HealthResolver } from "./graphql/health-resolver.ts";
import { MatchingResolver } from "./graphql/matching-resolver.ts";
import { PersonFields } from "./graphql/person-fields.ts";
import { PersonResolver } from "./graphql/person-resolver.ts";
import { PreviewResolver } from "./graphql/preview-resolver.ts";
import { openPolicies } from "./graphql/policy-resolvers.ts";
import { profileSubscription } from "./graphql/profile-changed.ts";
import { SendableResolver } from "./graphql/sendable-resolver.ts";
import { StewardResolver } from "./graphql/steward-resolver.ts";
import { RecordGraphResolver } from "./graphql/record-resolver.ts";
import { references } from "./graphql/references.ts";
import { reviewResolvers } from "./graphql/review-resolvers.ts";
import { openErasureDesk } from "./service/erasure-desk.ts";
import { Exports } from "./service/exports.ts";
import { Explanations } from "./service/explanations.ts";
import type { PersonRecords } from "./service/person-records.ts";
import { openRecordDesk } from "./service/record-desk.ts";
import { foregroundEdgesMax, type ResolutionMeter } from "./service/resolution-unit.ts";
import { EventResolver } from "./service/resolve-events.ts";
import { GraphHealthDesk } from "./service/graph-health.ts";
import { FollowedPolicy } from "./service/policy-in-force.ts";
import { Organisations } from "./service/organisations.ts";
import { PastProfiles } from "./service/past-profiles.ts";
import { Previews } from "./service/previews.ts";
import { Profiles } from "./service/profiles.ts";
import { ReviewHealth } from "./service/review-health.ts";
import { Steward } from "./service/steward.ts";
import { Tombstones } from "./service/tombstones.ts";
import { WhatIf } from "./service/what-if.ts";
import type { IdentityReader } from "./store/identity-reader.ts";
import type { IdentityStore } from "./store/identity-store.ts";
import { Disclosures } from "./store/disclosures.ts";
import { identityMigrations } from "./store/migrations.ts";
import { openNeo4jIdentityStore } from "./store/neo4j-identity-store.ts";
import { Neo4jReader } from "./store/neo4j-reader.ts";
import { ReviewListing } from "./store/review-listing.ts";
import { PostgresIdentityStore } from "./store/postgres-identity-store.ts";
import { PostgresReader } from "./store/postgres-reader.ts";

/** Who is the same person: evidence in, partition out. */
export const identityModule: SubgraphModule = {
  name: "identity",
  migrations: identityMigrations,
  async start(platform) {
    const policy = new FollowedPolicy();
    const graph = platform.config.neo4j ? await openNeo4jIdentityStore(platform, policy) : null;
    const store = graph ?? new PostgresIdentityStore({ ...platform, follower: policy });
    const policies = openPolicies(store, policy, platform);
    await policies.settle();
    const meter = meterOf(platform);
    const tombstones = await Tombstones.open(platform.database);
    const erasures = await openErasureDesk(store, policy, tombstones, platform);
    const records = openRecordDesk(store, policy, meter, tombstones, platform);
    const { ofEvents } = records;
    const resolver = new EventResolver(policy, meter, foregroundEdgesMax, tombstones, ofEvents);
    const consumer = store.consumeEvents((graph, entries) => resolver.resolve(graph, entries));
    const schema = schemaOf({ platform, store, policy, policies, erasures, records });
    return {
      schema,
      routes: [],
      ready: async () => {
        await platform.database.query("select 1");
        await graph?.ready();
      },
      stop: async () => {
        await policies.stop();
        await erasures.stop();
        await consumer.stop();
        await records.stop();
        await graph?.close();
      },
    };
  },
};

interface Desks {
  platform: Platform;
  store: IdentityStore;
  policy: FollowedPolicy;
  policies: ReturnType<typeof openPolicies>;
  erasures: Awaited<ReturnType<typeof openErasureDesk>>;
  records: ReturnType<typeof openRecordDesk>;
}

function schemaOf({ platform, store, policy, policies, erasures, records }: Desks) {
  const profiles = new Profiles(store.reader, policy);
  const organisations = new Organisations(store.reader, policy);
  const changes = new ChangeResolver(store.reader);
  const whatIf = new WhatIf({ ...platform, reader: store.reader, policy });
  return buildSubgraph({
    name: "identity",
    resolvers: [
      new PersonResolver(profiles, new PastProfiles(store.reader, policy)),
      new PersonFields(profiles),
      new SendableResolver(profiles),
      new IdentifierFields(profiles),
      new PersonAccounts(organisations, profiles),
      new AccountFields(organisations, profiles),
      new RecordGraphResolver(records.intake, records.persons),
      new MatchingResolver(records.training, records.versions, records.trainingRecords),
      new ExplanationResolver(new Explanations(store.reader, policy), profiles),
      new StewardResolver(new Steward(store, policy, platform.clock), profiles),
      new PreviewResolver(new Previews({ ...platform, reader: store.reader, policy, whatIf })),
      new ErasureResolver(erasures.erasing),
      exportResolver(platform, store, profiles, records.persons),
      new HealthResolver(
        new GraphHealthDesk(store.census, platform.clock),
        new ReviewHealth(new ReviewListing(platform.database)),
      ),
      ...policies.resolvers,
      ...reviewResolvers({ platform, store, policy, profiles, records, whatIf }),
      changes,
      profileSubscription(platform.streams, profiles),
      identitySubscription(platform.streams),
    ],
    references: references(profiles, changes),
  });
}

/** The graph as it stands, for tools beside the platform. */
export function openReader(database: Database, graph: GraphDatabase | null): IdentityReader {
  return graph ? new Neo4jReader(graph) : new PostgresReader(database);
}

function exportResolver(
  { database, subgraphs, clock }: Platform,
  { reader }: IdentityStore,
  profiles: Profiles,
  records: PersonRecords,
): ExportResolver {
  const disclosures = new Disclosures(database);
  return new ExportResolver(
    new Exports({ reader, profiles, records, disclosures, subgraphs, clock }),
  );
}

function meterOf({ metrics }: Platform): ResolutionMeter {
  const dropped = new Counter({
    name: "identity_identifiers_dropped_total",
    help: "Identifiers of events that take no part in resolution, by namespace and reason",
    labelNames: ["reason"],
    registers: [metrics],
  });
  const recomputed = new Counter({
    name: "identity_recomputations_total",
    help: "Batches for which whole components were partitioned anew; oversize: left as they were",
    labelNames: ["outcome"],
    registers: [metrics],
  });
  return {
    dropped: (_, reason) => dropped.inc({ reason }),
    recomputed: (isWithinBound) => recomputed.inc({ outcome: isWithinBound ? "done" : "oversize" }),
  };
}
