import type { Channel, DestinationKind } from "./destinations/destination-kind.ts";
import { type Destination, signingNow, type SigningSecret } from "../domain/destination.ts";
import { judge } from "../domain/send-result.ts";
import type { DueDelivery } from "../store/due-delivery.ts";
import { type Dispatch, planDispatch } from "./dispatch-plan.ts";
import { Flight } from "./flight.ts";
import { Gate } from "./gate.ts";
import { Inbox } from "./inbox.ts";
import type { FinishedAttempt, OutcomeRecorder } from "./outcome-recorder.ts";
import { writeDispatch } from "./write-dispatch.ts";
import type { Workshop } from "./workshop.ts";

/** Another process may have made something due: looked for at least this often. */
const pollMs = 1_000;
const pauseMsMin = 250;
const pauseMsMax = 30_000;
const leaseMarginMs = 10_000;

/**
 * The lane of one destination: its own connections, its own bound of attempts under way, its own
 * pauses. Nothing another destination does can delay it. Deliveries are taken only when they can
 * leave at once (or, from a fast endpoint, within a moment), so that the consent they leave under
 * is fresh.
 */
export class Lane {
  private readonly workshop: Workshop;
  private readonly recorder: OutcomeRecorder;
  private readonly onGone: (destination: string) => void;
  readonly destination: Destination;
  private readonly secrets: SigningSecret[];
  private readonly channel: Channel;
  private readonly leaseMs: number;
  private readonly gate: Gate;
  private readonly inbox: Inbox;
  private readonly flight: Flight;
  private pumping: Promise<void> | null = null;
  private isWoken = false;
  private isStopped = false;
  private pauseMs = pauseMsMin;
  /** While another subgraph cannot be asked, only what needs no permission goes on. */
  private onlyExits = false;
  private restUntilMs = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    workshop: Workshop,
    recorder: OutcomeRecorder,
    destination: Destination,
    kind: DestinationKind,
    secrets: SigningSecret[],
    onGone: (destination: string) => void,
  ) {
    this.workshop = workshop;
    this.recorder = recorder;
    this.onGone = onGone;
    this.destination = destination;
    this.secrets = secrets;
    this.channel = kind.open(destination.settings);
    const slots = kind.concurrency(destination.settings);
    this.flight = new Flight(slots);
    this.gate = new Gate(slots);
    const { database, lanes, clock } = workshop;
    this.inbox = new Inbox((limit, onlyExits, except) =>
      lanes.due(database, destination.name, { now: clock.now(), limit, onlyExits, except }),
    );
    this.leaseMs = kind.attemptMsMax(destination.settings) + leaseMarginMs;
  }

  /** These have become due. */
  offer(deliveries: readonly DueDelivery[]): void {
    this.inbox.offer(deliveries);
    this.wake();
  }

  /** Something may be due. */
  wake(): void {
    this.isWoken = true;
    if (this.isStopped || this.pumping) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.pumping = this.pump().finally(() => {
      this.pumping = null;
      if (this.isWoken && !this.timer) this.wake();
    });
  }

  /**
   * Takes nothing more; resolves when every attempt under way has ended and is written. Attempts
   * that last longer than `graceMs` are broken off, and repeated later under the same id.
   */
  async stop(graceMs: number): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearTimeout(this.timer);
    const cut = setTimeout(() => void this.channel.close(), graceMs);
    await this.pumping;
    await this.flight.landed();
    clearTimeout(cut);
    await this.channel.close();
  }

  private async pump(): Promise<void> {
    try {
      this.onlyExits = performance.now() < this.restUntilMs;
      while (this.isWoken && !this.isStopped) {
        await this.flight.untilRoom();
        this.isWoken = false;
        if (!this.isStopped && (await this.step(this.flight.room()))) this.isWoken = true;
      }
      if (!this.isStopped) await this.sleepUntilDue();
    } catch (error) {
      this.workshop.logger.warn("a lane could not work; it tries again", {
        destination: this.destination.name,
        error,
      });
      this.isWoken = false;
      this.wakeAfter(pollMs);
    }
  }

  /** One batch: read, ask, decide and claim, send. True when there may be more to do at once. */
  private async step(room: number): Promise<boolean> {
    const { database, clock, desk, syncs } = this.workshop;
    const { name } = this.destination;
    const due = await this.inbox.next(room, this.onlyExits);
    if (due.length === 0) return false;
    const ofDestination = await syncs.ofDestinations(database, [name]);
    const free = await this.inOrder(
      due,
      ofDestination.map((sync) => sync.name),
    );
    const plan = await planDispatch(
      desk,
      new Map(ofDestination.map((one) => [one.name, one])),
      free,
    );
    const leaseUntil = new Date(clock.now().getTime() + this.leaseMs);
    const taken = await writeDispatch(this.workshop, plan, leaseUntil);
    for (const dispatch of plan.send) {
      if (taken.has(dispatch.delivery.id)) this.start(dispatch);
    }
    if (plan.held.length > 0) {
      if (this.onlyExits) return false;
      this.rest();
      this.onlyExits = true;
    } else if (!this.onlyExits) this.pauseMs = pauseMsMin;
    return true;
  }

  /** Without those that must wait for an earlier message to the same person. */
  private async inOrder(due: DueDelivery[], syncs: string[]): Promise<DueDelivery[]> {
    if (syncs.length < 2) return due;
    const { database, lanes, clock } = this.workshop;
    const notBefore = new Date(clock.now().getTime() + 50);
    const deferred = await lanes.deferred(database, syncs, due, notBefore);
    return due.filter((delivery) => !deferred.has(delivery.id));
  }

  private start({ delivery, body }: Dispatch): void {
    const attempt = this.send(delivery, body);
    const written = attempt
      .then((finished) => {
        if (!this.pumping) this.wake();
        return this.recorder.record(finished);
      })
      .catch((error: unknown) => {
        this.workshop.logger.error("an attempt ended without an outcome", { error });
      });
    this.flight.add(attempt, written);
  }

  private async send(delivery: DueDelivery, body: string): Promise<FinishedAttempt> {
    await this.gate.enter();
    const { clock, metrics } = this.workshop;
    const startedAt = clock.now();
    const began = performance.now();
    const secrets = signingNow(this.secrets, startedAt.getTime());
    const result = await this.channel.send({ id: delivery.id, body }, secrets, startedAt);
    this.gate.leave();
    const durationMs = Math.round(performance.now() - began);
    this.flight.took(durationMs);
    const verdict = judge(result);
    const { name } = this.destination;
    metrics.attempts.inc({ destination: name, outcome: verdict.outcome });
    metrics.attemptSeconds.observe({ destination: name }, durationMs / 1_000);
    if (verdict.disablesDestination) this.onGone(name);
    return { delivery, claim: delivery.claim + 1, startedAt, durationMs, verdict };
  }

  /** Another subgraph cannot be asked: a pause that grows, in which only exits are sent. */
  private rest(): void {
    this.restUntilMs = performance.now() + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, pauseMsMax);
  }

  private async sleepUntilDue(): Promise<void> {
    const { database, lanes, clock } = this.workshop;
    const now = clock.now();
    const next = await lanes.nextDueAt(database, this.destination.name, now);
    const restMs = this.restUntilMs - performance.now();
    const dueMs = next ? Math.max(next.getTime() - now.getTime(), restMs) : pollMs;
    this.wakeAfter(Math.min(Math.max(dueMs, 1), pollMs));
  }

  private wakeAfter(ms: number): void {
    if (this.isStopped || this.isWoken) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = null;
      this.wake();
    }, ms);
  }
}
