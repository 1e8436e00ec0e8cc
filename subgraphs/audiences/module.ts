import { buildSubgraph } from "../../kernel/federation/build-subgraph.ts";
import { privacyResolver } from "../../kernel/federation/privacy-resolver.ts";
import type { Platform, SubgraphModule } from "../../kernel/module/subgraph-module.ts";
import { newId } from "../../kernel/ids/new-id.ts";
import { PersonIndex } from "../../kernel/persons/person-index.ts";
import { AudienceMutations } from "./graphql/audience-mutations.ts";
import {
  AudiencePreviewFields,
  AudienceQueries,
  resolveAudience,
} from "./graphql/audience-queries.ts";
import { PersonType } from "./graphql/audience-types.ts";
import {
  MembershipChangeFields,
  membershipSubscription,
} from "./graphql/membership-subscription.ts";
import { HypotheticalAudiencesResolver } from "./graphql/hypothetical-audiences.ts";
import { ShownRuleResolver } from "./graphql/shown-rule.ts";
import { PersonAudiences } from "./graphql/person-audiences.ts";
import { ActivationWorker } from "./service/activation-worker.ts";
import { AudienceBooks } from "./service/audience-book.ts";
import { AudienceDefinitions } from "./service/audience-definitions.ts";
import { AudiencePreviewer } from "./service/audience-preview.ts";
import { AudienceReading } from "./service/audience-reading.ts";
import { HistoryReader } from "./service/history-reader.ts";
import { HypotheticalAudiences } from "./service/hypothetical-audiences.ts";
import { IdentityConsumer } from "./service/identity-consumer.ts";
import { KnownUntil } from "./service/known-until.ts";
import { MembershipEvaluator } from "./service/membership-evaluator.ts";
import { MembershipWriter } from "./service/membership-writer.ts";
import { OverdueWindows } from "./service/overdue-windows.ts";
import { PersonProjector } from "./service/person-projector.ts";
import { AudiencePrivacy } from "./service/privacy.ts";
import { eventsFrom } from "./service/read-events.ts";
import { WindowTimer } from "./service/window-timer.ts";
import { WorkingMemory } from "./service/working-memory.ts";
import { WriterLock } from "./service/writer-lock.ts";
import { migrations } from "./store/migrations.ts";
import { PostgresDefinitionStore } from "./store/postgres-definition-store.ts";
import { PostgresMembershipStore } from "./store/postgres-membership-store.ts";
import { PostgresProjectionStore } from "./store/postgres-projection-store.ts";

/** Entries of stream `identity` taken in one transaction, unless they carry too many events. */
const batchEntries = 1_000;

/** How long a start waits for windows that ran out meanwhile; the rest goes on behind. */
const catchUpMs = 1_000;

function assemble(platform: Platform) {
  const { streams } = platform;
  const definitions = new PostgresDefinitionStore();
  const projections = new PostgresProjectionStore();
  const memberships = new PostgresMembershipStore();
  const index = new PersonIndex("audiences");
  const books = new AudienceBooks(definitions);
  const histories = new HistoryReader(projections, index);
  const memory = new WorkingMemory(projections, memberships, histories);
  const evaluator = new MembershipEvaluator(memory);
  const writer = new MembershipWriter(memberships, memory, streams, (at) => timer.noteDue(at));
  const persons = new PersonProjector(projections, memory, index);
  const lock = new WriterLock(definitions, books, memory, newId("process"));
  const readEvents = eventsFrom(streams);
  const knownUntil = new KnownUntil(streams, definitions);
  const overdue = new OverdueWindows({ memberships, memory, evaluator, writer, knownUntil });
  const parts = {
    ...platform,
    ...{ definitions, projections, memberships, index, histories, evaluator, writer },
    ...{ persons, readEvents, memory, lock, knownUntil, overdue },
  };
  const timer = new WindowTimer(parts);
  const worker = new ActivationWorker(parts);
  return {
    timer,
    worker,
    consumer: new IdentityConsumer(parts),
    definer: new AudienceDefinitions({ ...parts, worker }),
    reading: new AudienceReading(parts),
    previewer: new AudiencePreviewer(parts),
    hypothetical: new HypotheticalAudiences(parts),
    definitions,
  };
}

function resolversOf(platform: Platform, parts: ReturnType<typeof assemble>) {
  const { definer, reading, previewer, hypothetical } = parts;
  return [
    new AudienceQueries(reading, previewer),
    new AudiencePreviewFields(),
    new AudienceMutations(definer),
    new PersonAudiences(reading),
    new HypotheticalAudiencesResolver(hypothetical),
    new ShownRuleResolver(),
    membershipSubscription(platform.streams),
    new MembershipChangeFields(reading),
    privacyResolver("Audiences", new AudiencePrivacy(platform.database)),
  ];
}

/** Who belongs to which audience right now: rules, memberships, windows, activations. */
export const audiencesModule: SubgraphModule = {
  name: "audiences",
  migrations,
  async start(platform) {
    const parts = assemble(platform);
    const { timer, worker, consumer, reading, definitions } = parts;
    // What ran out while the process was down, as far as no event of before waits.
    await timer.runDue(catchUpMs);
    timer.start();
    platform.streams.consume({
      consumer: "audiences",
      stream: "identity",
      isFollowed: true,
      batchSize: batchEntries,
      handle: (transaction, entries) => consumer.handle(transaction, entries),
    });
    void worker.wake();
    return {
      schema: buildSubgraph({
        name: "audiences",
        resolvers: resolversOf(platform, parts),
        orphanedTypes: [PersonType],
        references: {
          Person: ({ id }: { id: string }) => ({ id }),
          Audience: resolveAudience(reading),
        },
      }),
      routes: [],
      ready: async () => void (await definitions.revision(platform.database)),
      async stop() {
        await timer.stop();
        await worker.stop();
      },
    };
  },
};
