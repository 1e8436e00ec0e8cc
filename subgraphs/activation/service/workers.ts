import type { Streams } from "../../../kernel/streams/streams.ts";
import type { PostgresLedgerStore } from "../store/postgres-ledger-store.ts";
import { clearDeletedSyncs } from "./clearing.ts";
import { checkConsent } from "./checker.ts";
import { ConsentConsumer } from "./consent-consumer.ts";
import type { Dispatcher } from "./dispatcher.ts";
import { IdentityConsumer } from "./identity-consumer.ts";
import { expireLedger } from "./ledger-keeper.ts";
import { MembershipConsumer } from "./membership-consumer.ts";
import { RecentChanges } from "./recent-changes.ts";
import { Rounds } from "./rounds.ts";
import { sweepSyncs } from "./sweeper.ts";
import type { Workshop } from "./workshop.ts";

type Handle = Parameters<Streams["consume"]>[0]["handle"];

const batchSize = 500;
const checkerIdleMs = 500;
const sweeperIdleMs = 2_000;
const clearerIdleMs = 2_000;
const keeperIdleMs = 60 * 60_000;

/** Everything of this subgraph that works in the background. */
export class Workers {
  readonly checker: Rounds;
  readonly sweeper: Rounds;
  readonly clearer: Rounds;
  private readonly keeper: Rounds;
  private readonly consumers: { stop(): Promise<void> }[] = [];
  private readonly workshop: Workshop;
  private readonly dispatcher: Dispatcher;

  constructor(
    workshop: Workshop,
    dispatcher: Dispatcher,
    ledger: PostgresLedgerStore,
    ledgerDays: number,
  ) {
    const { logger } = workshop;
    this.workshop = workshop;
    this.dispatcher = dispatcher;
    this.checker = new Rounds(() => checkConsent(workshop), checkerIdleMs, logger);
    this.sweeper = new Rounds(
      () => sweepSyncs(workshop, () => this.checker.wake()),
      sweeperIdleMs,
      logger,
    );
    this.clearer = new Rounds(() => clearDeletedSyncs(workshop), clearerIdleMs, logger);
    this.keeper = new Rounds(
      () => expireLedger(workshop, ledger, ledgerDays),
      keeperIdleMs,
      logger,
    );
  }

  async start(streams: Streams): Promise<void> {
    await this.dispatcher.start();
    const recent = new RecentChanges();
    const identity = new IdentityConsumer(this.workshop, recent);
    const memberships = new MembershipConsumer(this.workshop, recent);
    const consent = new ConsentConsumer(this.workshop, {
      checker: () => this.checker.wake(),
      sweeper: () => this.sweeper.wake(),
    });
    for (const [stream, follower] of [
      ["identity", identity],
      ["memberships", memberships],
      ["consent", consent],
    ] as const) {
      const handle: Handle = (transaction, entries) => follower.handle(transaction, entries);
      const consumer = "activation";
      this.consumers.push(streams.consume({ consumer, stream, batchSize, handle }));
    }
    for (const rounds of this.rounds()) rounds.wake();
  }

  /** Takes nothing new; resolves when all that was begun is written. */
  async stop(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
    await Promise.all(this.rounds().map((rounds) => rounds.stop()));
    await this.dispatcher.stop();
  }

  private rounds(): Rounds[] {
    return [this.checker, this.sweeper, this.clearer, this.keeper];
  }
}
