import type { Database, Row } from "../../../kernel/database/database.ts";
import type { Erasure, StoreProgress, ErasureWork } from "../domain/erasure.ts";

const columns =
  "id, state, reason, actor, person_id, created_at, finished_at, stores, work, attempts";

/** Erasures and how far they are; in PostgreSQL in both layouts. */
export class Erasures {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async add(erasure: Erasure): Promise<void> {
    const { id, state, reason, actor, personId, createdAt, stores, work } = erasure;
    await this.database.query(
      `insert into identity.erasures (id, state, reason, actor, person_id, created_at, stores, work)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, state, reason, actor, personId, createdAt, JSON.stringify(stores), JSON.stringify(work)],
    );
  }

  async byId(id: string): Promise<Erasure | null> {
    const [row] = await this.database.query(
      `select ${columns} from identity.erasures where id = $1`,
      [id],
    );
    return row ? toErasure(row) : null;
  }

  /**
   * The oldest that is open and nobody works at, for `leaseMs`; null when there is none. One that
   * failed keeps no other waiting.
   */
  async take(now: Date, leaseMs: number): Promise<Erasure | null> {
    const [row] = await this.database.query(
      `update identity.erasures set lease_until = $2
       where id = (
         select id from identity.erasures
         where finished_at is null and (lease_until is null or lease_until <= $1)
         order by attempts, coalesce(lease_until, $1), id limit 1 for update skip locked)
       returning ${columns}`,
      [now, new Date(now.getTime() + leaseMs)],
    );
    return row ? toErasure(row) : null;
  }

  /** Notes how far it is; it may be taken again from `dueAt` on. */
  async save(erasure: Erasure, dueAt: Date): Promise<void> {
    const { id, state, finishedAt, stores, work, attempts } = erasure;
    await this.database.query(
      `update identity.erasures set state = $2, finished_at = $3, stores = $4, work = $5,
         attempts = $6, lease_until = $7 where id = $1`,
      [
        id,
        state,
        finishedAt,
        JSON.stringify(stores),
        work && JSON.stringify(work),
        attempts,
        dueAt,
      ],
    );
  }

  /** Forgets leases: embedded, nobody else can hold one. */
  async release(): Promise<void> {
    await this.database.query(
      "update identity.erasures set lease_until = null where finished_at is null",
    );
  }

  /** Whether every reader of the streams has read up to the positions. */
  async haveBeenRead(barrier: Readonly<Record<string, number>>): Promise<boolean> {
    const rows = await this.database.query<{ stream: string; position: number }>(
      "select stream, min(position) as position from streams.cursors group by stream",
    );
    return rows.every(({ stream, position }) => position >= (barrier[stream] ?? 0));
  }

  /** Position of a change in stream `identity`, somewhere after `after`; null: not yet there. */
  async positionOfChange(
    personId: string,
    changeId: string,
    after: number,
  ): Promise<number | null> {
    const [row] = await this.database.query<{ position: number }>(
      `select position from streams.identity
       where position > $1 and key = $2 and kind = 'CHANGE' and position($3 in payload) > 0
       order by position limit 1`,
      [after, personId, changeId],
    );
    return row?.position ?? null;
  }
}

function toErasure(row: Row): Erasure {
  return {
    id: row.id as string,
    state: row.state as Erasure["state"],
    reason: row.reason as string,
    actor: row.actor as string,
    personId: row.person_id as string | null,
    createdAt: row.created_at as string,
    finishedAt: row.finished_at as string | null,
    stores: JSON.parse(row.stores as string) as StoreProgress[],
    work: row.work === null ? null : (JSON.parse(row.work as string) as ErasureWork),
    attempts: row.attempts as number,
  };
}
