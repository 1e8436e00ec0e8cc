import { createHmac } from "node:crypto";
import type { Database, Session } from "../../../kernel/database/database.ts";

const changedTopic = "events_tombstones";

/** Erased identifiers and messages, known again by keyed hashes. */
export class EventTombstones {
  private readonly database: Database;
  private secret = "";
  private newestAt: Date | null = null;
  private endWakeUps: () => void = () => undefined;

  constructor(database: Database) {
    this.database = database;
  }

  async start(): Promise<void> {
    const [row] = await this.database.query<{ value: string }>(
      "select value from events.secrets where name = 'tombstones'",
    );
    this.secret = row!.value;
    await this.refresh();
    this.endWakeUps = this.database.wakeUps.onWake(changedTopic, () => {
      this.refresh().catch(() => undefined);
    });
  }

  stop(): void {
    this.endWakeUps();
  }

  /** Null: nobody was erased yet, and nothing has to be looked up. */
  get lastErasedAt(): Date | null {
    return this.newestAt;
  }

  hashOf(text: string): string {
    return createHmac("sha256", this.secret).update(text).digest("hex");
  }

  async add(session: Session, hashes: readonly string[], erasedAt: Date): Promise<void> {
    if (hashes.length === 0) return;
    await session.query(
      `insert into events.tombstones as t (hash, erased_at)
       select distinct hash, $2::timestamptz from unnest($1::text[]) as n(hash)
       on conflict (hash) do update set erased_at = greatest(t.erased_at, excluded.erased_at)`,
      [hashes, erasedAt],
    );
  }

  /** To be called after tombstones were committed. */
  async added(): Promise<void> {
    await this.refresh();
    this.database.wakeUps.wake(changedTopic);
  }

  /** Those of the hashes that are tombstones, with the instant of the erasure. */
  async among(hashes: readonly string[]): Promise<Map<string, Date>> {
    const rows = await this.database.query<{ hash: string; erased_at: Date }>(
      {
        name: "events-tombstones",
        text: "select hash, erased_at from events.tombstones where hash = any($1::text[])",
      },
      [hashes],
    );
    return new Map(rows.map(({ hash, erased_at }) => [hash, erased_at]));
  }

  /** Counts what came again and was refused. */
  async countRefused(hashes: readonly string[]): Promise<void> {
    if (hashes.length === 0) return;
    await this.database.query(
      "update events.tombstones set refused = refused + 1 where hash = any($1::text[])",
      [hashes],
    );
  }

  private async refresh(): Promise<void> {
    const [row] = await this.database.query<{ newest: Date | null }>(
      "select max(erased_at) as newest from events.tombstones",
    );
    this.newestAt = row?.newest ?? null;
  }
}
