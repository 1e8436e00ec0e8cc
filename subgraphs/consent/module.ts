import { buildSubgraph } from "../../kernel/federation/build-subgraph.ts";
import { privacyResolver } from "../../kernel/federation/privacy-resolver.ts";
import type {
  Platform,
  RunningSubgraph,
  SubgraphModule,
} from "../../kernel/module/subgraph-module.ts";
import { PersonIndex } from "../../kernel/persons/person-index.ts";
import { consentChangedResolver } from "./graphql/consent-changed.ts";
import { ConsentResolver } from "./graphql/consent-resolver.ts";
import { ConsentPerson, StatementSource } from "./graphql/consent-types.ts";
import { DecisionResolver } from "./graphql/decision-resolver.ts";
import { HypotheticalConsentResolver } from "./graphql/hypothetical-consent.ts";
import { toPurpose } from "./graphql/to-graphql.ts";
import { ConsentConsumer } from "./service/consent-consumer.ts";
import { ConsentReader } from "./service/consent-reader.ts";
import { ConsentService } from "./service/consent-service.ts";
import { ExpirySweep } from "./service/expiry-sweep.ts";
import { HypotheticalConsent } from "./service/hypothetical-consent.ts";
import { ConsentPrivacy } from "./service/privacy.ts";
import { consentMigrations } from "./store/migrations.ts";
import { postgresConsentStore } from "./store/postgres-consent-store.ts";

/** Entries of stream `identity` in one transaction. */
const batchSize = 500;

/** What may be done with whom. */
export const consentModule: SubgraphModule = {
  name: "consent",
  migrations: consentMigrations,

  async start({ clock, database, logger, streams }: Platform): Promise<RunningSubgraph> {
    const persons = new PersonIndex("consent");
    const context = { clock, database, streams, persons, store: postgresConsentStore };
    const reader = new ConsentReader(context);
    const consumer = new ConsentConsumer(context);
    const following = streams.consume({
      consumer: "consent",
      stream: "identity",
      batchSize,
      handle: (transaction, entries) => consumer.handle(transaction, entries),
    });
    const expiry = new ExpirySweep(context, logger);
    expiry.start();
    return {
      schema: buildSubgraph({
        name: "consent",
        resolvers: [
          new ConsentResolver(new ConsentService(context), reader),
          new DecisionResolver(reader),
          new HypotheticalConsentResolver(new HypotheticalConsent(context)),
          consentChangedResolver(streams),
          privacyResolver("Consent", new ConsentPrivacy(database, reader)),
        ],
        orphanedTypes: [ConsentPerson, StatementSource],
        references: {
          Person: ({ id }: { id: string }) => ({ id }),
          Purpose: async ({ name }: { name: string }) => {
            const purpose = await reader.purpose(name);
            return purpose && toPurpose(purpose);
          },
        },
      }),
      routes: [],
      ready: async () => void (await database.query("select 1")),
      stop: async () => {
        await expiry.stop();
        await following.stop();
      },
    };
  },
};
