import { buildSubgraph } from "../../kernel/federation/build-subgraph.ts";
import { privacyResolver } from "../../kernel/federation/privacy-resolver.ts";
import type {
  Platform,
  RunningSubgraph,
  SubgraphModule,
} from "../../kernel/module/subgraph-module.ts";
import { PersonIndex } from "../../kernel/persons/person-index.ts";
import { AssignmentResolver, VariationResolver } from "./graphql/assignment-resolver.ts";
import { ExperimentResolver } from "./graphql/experiment-resolver.ts";
import { EligibleAudience, ExperimentPerson } from "./graphql/experiment-types.ts";
import { toExperiment } from "./graphql/to-graphql.ts";
import { ExperimentsService } from "./service/experiments-service.ts";
import { followIdentity } from "./service/identity-consumer.ts";
import { followMemberships } from "./service/membership-consumer.ts";
import { ExperimentPrivacy } from "./service/privacy.ts";
import { Sweep } from "./service/sweep.ts";
import { experimentsMigrations } from "./store/migrations.ts";
import { postgresExperimentStore } from "./store/postgres-experiment-store.ts";

/** Entries of a stream in one transaction. */
const batchSize = 500;

/** Who was given which variation, and saw it. */
export const experimentsModule: SubgraphModule = {
  name: "experiments",
  migrations: experimentsMigrations,

  async start({ clock, database, logger, streams }: Platform): Promise<RunningSubgraph> {
    const persons = new PersonIndex("experiments");
    const context = { clock, database, logger, streams, persons, store: postgresExperimentStore };
    const sweep = new Sweep(context);
    const service = new ExperimentsService(context, sweep);
    await sweep.resume();
    const consumers = [
      streams.consume({
        consumer: "experiments",
        stream: "identity",
        batchSize,
        handle: (transaction, entries) => followIdentity(context, transaction, entries),
      }),
      streams.consume({
        consumer: "experiments-memberships",
        stream: "memberships",
        batchSize,
        handle: (transaction, entries) => followMemberships(context, transaction, entries),
      }),
    ];
    return {
      schema: schemaOf(service, new ExperimentPrivacy(database)),
      routes: [],
      ready: async () => {
        await database.query("select 1");
      },
      stop: async () => {
        await sweep.stop();
        for (const consumer of consumers) await consumer.stop();
      },
    };
  },
};

function schemaOf(service: ExperimentsService, privacy: ExperimentPrivacy) {
  return buildSubgraph({
    name: "experiments",
    resolvers: [
      new ExperimentResolver(service),
      new AssignmentResolver(service),
      new VariationResolver(service),
      privacyResolver("Experiments", privacy),
    ],
    orphanedTypes: [ExperimentPerson, EligibleAudience],
    references: {
      Person: ({ id }: { id: string }) => ({ id }),
      Experiment: async ({ name }: { name: string }) => {
        const [found] = await service.named([name]);
        return found ? toExperiment(found) : null;
      },
    },
  });
}
