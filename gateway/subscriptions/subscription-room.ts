import type { ResultStream, SubgraphResult } from "../transport/subgraph-transport.ts";

/** Results kept for members that are behind; the pump waits for them when it is full. */
const resultsKeptMax = 512;
/** How long one slow member may hold up the others, once. */
const patienceMs = 1_000;

/** A subscriber's place in a room: how many results of the room are before it. */
export interface RoomMember {
  position: number;
  /** Held the others up once, and is waited for no more. */
  isTooSlow: boolean;
  /** Called when there is something new: a result, or the end. */
  wake: (() => void) | null;
}

/** A result of the room, its end, or: the member is so far behind that the result is gone. */
export type RoomStep =
  | { kind: "result"; result: SubgraphResult }
  | { kind: "end"; error: unknown }
  | { kind: "lost" }
  | { kind: "wait" };

/**
 * One live subscription upstream, executed once per event, read by every equal subscriber at its own
 * pace. Bounded: a member that stays behind falls out and goes on alone, from its cursor.
 */
export class SubscriptionRoom {
  private readonly upstream: ResultStream;
  private readonly cursorOf: (result: SubgraphResult) => string | null;
  private readonly kept: { result: SubgraphResult; cursor: string | null }[] = [];
  private readonly positions = new Map<string, number>();
  private readonly members = new Set<RoomMember>();
  private first = 0;
  private ended: { error: unknown } | null = null;
  private progressed: (() => void) | null = null;
  private readonly onEnd: () => void;

  constructor(
    upstream: ResultStream,
    cursorOf: (result: SubgraphResult) => string | null,
    onEnd: () => void,
  ) {
    this.upstream = upstream;
    this.cursorOf = cursorOf;
    this.onEnd = onEnd;
    void this.pump();
  }

  get isOpen(): boolean {
    return this.ended === null;
  }

  /** A place at the live end, or after the result with that cursor; null when it is not kept. */
  join(afterCursor: string | null): RoomMember | null {
    const known = afterCursor === null ? undefined : this.positions.get(afterCursor);
    if (this.ended || (afterCursor !== null && known === undefined)) return null;
    const position = known === undefined ? this.first + this.kept.length : known + 1;
    const member: RoomMember = { position, isTooSlow: false, wake: null };
    this.members.add(member);
    return member;
  }

  leave(member: RoomMember): void {
    this.members.delete(member);
    this.progressed?.();
  }

  step(member: RoomMember): RoomStep {
    const entry = this.kept[member.position - this.first];
    if (member.position < this.first) return { kind: "lost" };
    if (entry) {
      member.position += 1;
      this.progressed?.();
      return { kind: "result", result: entry.result };
    }
    return this.ended ? { kind: "end", error: this.ended.error } : { kind: "wait" };
  }

  private async pump(): Promise<void> {
    try {
      for (;;) {
        await this.waitForMembers();
        const { done, value } = await this.upstream.next();
        if (done) return this.close({ error: null });
        this.keep(value);
      }
    } catch (error) {
      this.close({ error });
    }
  }

  private keep(result: SubgraphResult): void {
    const cursor = this.cursorOf(result);
    if (cursor !== null) this.positions.set(cursor, this.first + this.kept.length);
    this.kept.push({ result, cursor });
    if (this.kept.length > resultsKeptMax) {
      const gone = this.kept.shift();
      if (gone?.cursor) this.positions.delete(gone.cursor);
      this.first += 1;
    }
    this.wakeAll();
  }

  /** Holds back while a result that somebody still needs would be thrown away. */
  private async waitForMembers(): Promise<void> {
    const until = Date.now() + patienceMs;
    while (this.kept.length >= resultsKeptMax && !this.ended) {
      const behind = [...this.members].filter(
        (member) => !member.isTooSlow && member.position <= this.first,
      );
      if (behind.length === 0) return;
      if (Date.now() >= until) {
        for (const member of behind) member.isTooSlow = true;
        return;
      }
      await this.progress(until - Date.now());
    }
  }

  private progress(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.progressed = () => {
        clearTimeout(timer);
        this.progressed = null;
        resolve();
      };
    });
  }

  /** Ends the room, orderly or by an error that each member is told. */
  close(end: { error: unknown }): void {
    if (this.ended) return;
    this.ended = end;
    void this.upstream.return();
    this.onEnd();
    this.progressed?.();
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const member of this.members) {
      const { wake } = member;
      member.wake = null;
      wake?.();
    }
  }
}
