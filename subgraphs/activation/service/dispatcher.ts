import type { Destination } from "../domain/destination.ts";
import type { DueDelivery } from "../store/due-delivery.ts";
import { Lane } from "./lane.ts";
import { OutcomeRecorder } from "./outcome-recorder.ts";
import type { Workshop } from "./workshop.ts";

/** Changes made by another process are seen after this at the latest. */
const refreshMs = 2_000;
const pageSize = 500;
/** So long attempts may go on when the process ends, or when a destination was changed. */
const graceMs = { onEnd: 3_000, onChange: 60_000 };

/** Keeps one lane for each active destination. */
export class Dispatcher {
  private readonly workshop: Workshop;
  private readonly recorder: OutcomeRecorder;
  private readonly lanes = new Map<string, Lane>();
  private readonly ending = new Map<Lane, Promise<void>>();
  private refreshing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private isStopped = false;

  constructor(workshop: Workshop) {
    this.workshop = workshop;
    this.recorder = new OutcomeRecorder(workshop);
  }

  /** Opens the lanes. What a killed process left in the middle is repeated, under the same ids. */
  async start(): Promise<void> {
    const { database, lanes } = this.workshop;
    // The embedded database has one process: no lease can be somebody else's.
    if (database.engine === "pglite") await lanes.releaseAll(database);
    await this.refresh();
    this.timer = setInterval(() => void this.refresh(), refreshMs);
  }

  /** These have become due. */
  offer(deliveries: readonly DueDelivery[]): void {
    for (const [name, own] of Map.groupBy(deliveries, ({ destination }) => destination)) {
      this.lanes.get(name)?.offer(own);
    }
  }

  /** Something may be due for this destination. */
  wake(destination: string): void {
    this.lanes.get(destination)?.wake();
  }

  /** Brings the lanes into line with the destinations; resolves when that is done. */
  refresh(): Promise<void> {
    this.refreshing = this.refreshing
      .then(() => (this.isStopped ? undefined : this.align()))
      .catch((error: unknown) => {
        this.workshop.logger.warn("destinations could not be read; they are read again", { error });
      });
    return this.refreshing;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.refreshing;
    const lanes = [...this.lanes.values()];
    this.lanes.clear();
    await Promise.all([...lanes, ...this.ending.keys()].map((lane) => lane.stop(graceMs.onEnd)));
    await this.recorder.finish();
  }

  private async align(): Promise<void> {
    const active = new Map<string, Destination>();
    const { database, destinations } = this.workshop;
    for (let after = ""; ; ) {
      const page = await destinations.page(database, after, pageSize);
      for (const one of page) if (one.state === "ACTIVE") active.set(one.name, one);
      if (page.length < pageSize) break;
      after = page.at(-1)!.name;
    }
    for (const [name, lane] of this.lanes) {
      const now = active.get(name);
      if (now && now.updatedAt.getTime() === lane.destination.updatedAt.getTime()) continue;
      this.lanes.delete(name);
      // Its attempts end in their own time, each under its fence; the new lane need not wait.
      const ending = lane.stop(graceMs.onChange).finally(() => this.ending.delete(lane));
      this.ending.set(lane, ending);
    }
    for (const destination of active.values()) {
      if (!this.lanes.has(destination.name)) await this.open(destination);
    }
  }

  private async open(destination: Destination): Promise<void> {
    const { database, destinations, kinds, logger } = this.workshop;
    const kind = kinds.get(destination.kind);
    const signing = await destinations.secrets(database, destination.name);
    if (!kind || signing === null) {
      logger.error("a destination is of an unknown kind", { destination: destination.name });
      return;
    }
    const lane = new Lane(
      this.workshop,
      this.recorder,
      destination,
      kind,
      signing,
      (name) => void this.disable(name),
    );
    this.lanes.set(destination.name, lane);
    lane.wake();
  }

  /** The endpoint says that it is gone. */
  private async disable(name: string): Promise<void> {
    const { database, destinations, clock, logger } = this.workshop;
    const reason = "The endpoint answered 410 Gone";
    await destinations
      .setState(database, name, "DISABLED", reason, clock.now())
      .catch((error: unknown) => logger.warn("a destination could not be disabled", { error }));
    logger.warn("a destination was disabled: its endpoint is gone", { destination: name });
    await this.refresh();
  }
}
