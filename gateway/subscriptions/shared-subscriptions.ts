import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { FederatedExecutor } from "../execution/federated-executor.ts";
import { resultStream } from "../transport/result-stream.ts";
import {
  isResultStream,
  type ResultStream,
  type SubgraphResult,
} from "../transport/subgraph-transport.ts";
import { SubscriptionRoom, type RoomMember } from "./subscription-room.ts";
import type { SubscriptionShape } from "./subscription-shape.ts";

type Opened = ResultStream | SubgraphResult;
type OpenedRoom = SubscriptionRoom | SubgraphResult;

/**
 * Opens subscriptions so that equal ones (document, variables, scopes) that are at the live end share
 * one execution per event. Who resumes from a cursor reads alone until it meets the others; who falls
 * behind reads alone again, from its cursor: pulled from the store, never buffered without bound.
 */
export class SharedSubscriptions {
  private readonly executor: FederatedExecutor;
  private readonly rooms = new Map<string, Promise<OpenedRoom>>();
  private readonly readers = new Map<string, number>();

  constructor(executor: FederatedExecutor) {
    this.executor = executor;
  }

  /** The subscription as a stream, or the result with the errors for which it was refused. */
  async open(shape: SubscriptionShape): Promise<Opened> {
    const reader = new SubscriptionReader(this, shape);
    const refusal = await reader.begin();
    return refusal ?? resultStream({ pull: () => reader.pull(), release: () => reader.release() });
  }

  /** A subscription of its own, after a cursor. */
  openAlone(shape: SubscriptionShape, after: string): Promise<Opened> {
    return this.executor.subscribe(shape.resumedAfter(after));
  }

  /** The live room of the shape, opened when there is none; or why it cannot be opened. */
  room(shape: SubscriptionShape): Promise<OpenedRoom> {
    const key = shape.shareKey;
    const known = this.rooms.get(key);
    if (known) return known;
    const made = this.openRoom(shape, () => {
      if (this.rooms.get(key) === made) this.rooms.delete(key);
    });
    this.rooms.set(key, made);
    return made;
  }

  /** The room, when two or more readers would gain from one. */
  async roomToShare(shape: SubscriptionShape): Promise<SubscriptionRoom | null> {
    const key = shape.shareKey;
    if (!this.rooms.has(key) && (this.readers.get(key) ?? 0) < 2) return null;
    const room = await this.room(shape);
    return room instanceof SubscriptionRoom ? room : null;
  }

  /** Counts the readers of a shape; its room closes behind the last one. */
  count(shape: SubscriptionShape, change: 1 | -1): void {
    const key = shape.shareKey;
    const count = (this.readers.get(key) ?? 0) + change;
    if (count > 0) {
      this.readers.set(key, count);
      return;
    }
    this.readers.delete(key);
    void this.rooms.get(key)?.then(
      (room) => {
        const isUnread = !this.readers.has(key) && room instanceof SubscriptionRoom;
        if (isUnread) room.close({ error: null });
      },
      () => undefined,
    );
  }

  private async openRoom(shape: SubscriptionShape, forget: () => void): Promise<OpenedRoom> {
    try {
      const upstream = await this.executor.subscribe(shape.live());
      if (isResultStream(upstream)) return new SubscriptionRoom(upstream, shape.cursorOf, forget);
      forget();
      return upstream;
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/** One subscriber: alone (reading its own upstream) or in a room. */
class SubscriptionReader {
  private readonly shared: SharedSubscriptions;
  private readonly shape: SubscriptionShape;
  private alone: ResultStream | null = null;
  private place: { room: SubscriptionRoom; member: RoomMember } | null = null;
  private lastCursor: string | null = null;
  private released = false;

  constructor(shared: SharedSubscriptions, shape: SubscriptionShape) {
    this.shared = shared;
    this.shape = shape;
    this.lastCursor = shape.after;
  }

  /** Gives the result with the errors when the subscription is refused. */
  async begin(): Promise<SubgraphResult | null> {
    this.shared.count(this.shape, 1);
    try {
      const refusal = await (this.shape.after === null
        ? this.enterLive()
        : this.goAlone(this.shape.after));
      if (refusal) this.release();
      return refusal;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  async pull(): Promise<SubgraphResult | undefined> {
    if (this.alone) await this.tryToJoin();
    const result = this.place ? await this.pullFromRoom() : await this.pullAlone();
    if (result) this.lastCursor = this.shape.cursorOf(result) ?? this.lastCursor;
    return result;
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.shared.count(this.shape, -1);
    void this.alone?.return();
    if (this.place) this.place.room.leave(this.place.member);
  }

  private async enterLive(): Promise<SubgraphResult | null> {
    const room = await this.shared.room(this.shape);
    if (!(room instanceof SubscriptionRoom)) return room;
    const member = room.join(null);
    if (!member) return this.enterLive();
    this.place = { room, member };
    return null;
  }

  private async goAlone(after: string): Promise<SubgraphResult | null> {
    const opened = await this.shared.openAlone(this.shape, after);
    if (!isResultStream(opened)) return opened;
    this.alone = opened;
    if (this.released) void opened.return();
    return null;
  }

  private async tryToJoin(): Promise<void> {
    if (!this.shape.selectsCursor || this.lastCursor === null) return;
    const room = await this.shared.roomToShare(this.shape).catch(() => null);
    const member = this.released ? null : (room?.join(this.lastCursor) ?? null);
    if (!room || !member) return;
    this.place = { room, member };
    void this.alone?.return();
    this.alone = null;
  }

  private async pullAlone(): Promise<SubgraphResult | undefined> {
    const next = await this.alone?.next();
    return next?.done === false ? next.value : undefined;
  }

  private async pullFromRoom(): Promise<SubgraphResult | undefined> {
    const { room, member } = this.place!;
    for (;;) {
      const step = room.step(member);
      if (step.kind === "result") return step.result;
      if (step.kind === "lost") return this.pullAfterFallingBehind();
      if (step.kind === "end") {
        if (step.error !== null) throw step.error;
        return undefined;
      }
      await new Promise<void>((resolve) => {
        member.wake = resolve;
      });
    }
  }

  private async pullAfterFallingBehind(): Promise<SubgraphResult | undefined> {
    this.place?.room.leave(this.place.member);
    this.place = null;
    if (this.lastCursor === null) {
      const message = "The subscription was read too slowly. Select `cursor` and resume after it.";
      throw new DomainError("SUBSCRIPTION_INTERRUPTED", message, { retryable: true });
    }
    const refusal = await this.goAlone(this.lastCursor);
    return refusal ?? this.pullAlone();
  }
}
