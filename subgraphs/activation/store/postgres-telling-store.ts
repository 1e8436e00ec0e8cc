import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { ConsentVerdict, DeliveryCause, MessageKind } from "../domain/delivery.ts";
import type { Afterwards, Telling } from "../domain/telling.ts";
import { lockedRow, tellingColumns, tellingJoins, toTelling } from "./telling-record.ts";

export interface TellingKey {
  sync: string;
  personId: string;
}

/** What a telling becomes. */
export interface TellingUpdate extends TellingKey {
  told: boolean;
  refused: boolean;
  openId: string | null;
  again: Afterwards | null;
}

/** A message to be told; `dueAt` null while its sync is paused. */
export interface NewDelivery extends TellingKey {
  id: string;
  destination: string;
  audience: string | null;
  kind: MessageKind;
  occurredAt: Date;
  dueAt: Date | null;
  cause: DeliveryCause;
  decision: ConsentVerdict | null;
  /** Whether it counts as one that may have been seen. */
  touched: boolean;
}

const openStatement = {
  name: "activation-deliveries-open",
  text: `
    insert into activation.deliveries (id, destination, sync, audience, person_id, kind, status,
      due_at, cause, decision, occurred_at, touched, created_at, updated_at)
    select u.id, u.destination, u.sync, u.audience, u.person_id, u.kind, 'PENDING',
      u.due_at, u.cause, u.decision, u.occurred_at, u.touched, $12, $12
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
      $7::timestamptz[], $8::text[], $9::text[], $10::timestamptz[], $11::boolean[])
      u (id, destination, sync, audience, person_id, kind, due_at, cause, decision, occurred_at,
        touched)`,
};

/** What was told, per sync and person. All methods work in sets and inside a transaction. */
export class PostgresTellingStore {
  private readonly isShared: boolean;

  /** `isShared`: other sessions write too (PostgreSQL); the embedded database has a single one. */
  constructor(isShared: boolean) {
    this.isShared = isShared;
  }

  /**
   * Holds the tellings until the transaction ends, always in the same order. A statement of its own:
   * what is read after it is as fresh as the lock (a snapshot from before the wait would be stale).
   */
  async hold(session: Session, keys: readonly TellingKey[]): Promise<void> {
    if (!this.isShared || keys.length === 0) return;
    await session.query(
      `select 1 as held from (
         select * from unnest($1::text[], $2::text[]) k (sync, person_id) order by 1, 2) k
       cross join lateral (
         select 1 from activation.tellings
         where sync = k.sync and person_id = k.person_id limit 1 for update) t`,
      [keys.map((key) => key.sync), keys.map((key) => key.personId)],
    );
  }

  /** Makes the tellings that do not exist yet. */
  async ensure(session: Session, keys: readonly TellingKey[]): Promise<void> {
    if (keys.length === 0) return;
    await session.query(
      `insert into activation.tellings (sync, person_id)
       select * from unnest($1::text[], $2::text[]) k (sync, person_id)
       order by 1, 2 on conflict (sync, person_id) do nothing`,
      [keys.map((key) => key.sync), keys.map((key) => key.personId)],
    );
  }

  /**
   * Makes tellings that already have their first message; gives the ids of those that did not
   * exist. The others are left as they are.
   */
  async begin(
    session: Session,
    first: readonly (TellingKey & { id: string })[],
  ): Promise<Set<string>> {
    const rows = await session.query<{ open_id: string }>(
      `insert into activation.tellings (sync, person_id, open_id)
       select * from unnest($1::text[], $2::text[], $3::text[]) k (sync, person_id, open_id)
       order by 1, 2 on conflict (sync, person_id) do nothing returning open_id`,
      [first.map((one) => one.sync), first.map((one) => one.personId), first.map((one) => one.id)],
    );
    return new Set(rows.map((row) => row.open_id));
  }

  /** Reads those tellings that exist and locks them, always in the same order. */
  async lock(session: Session, keys: readonly TellingKey[]): Promise<Telling[]> {
    if (keys.length === 0) return [];
    await this.hold(session, keys);
    const rows = await session.query(
      `select ${tellingColumns}
       from unnest($1::text[], $2::text[]) k (sync, person_id)
       cross join lateral (
         select * from activation.tellings
         where sync = k.sync and person_id = k.person_id limit 1) t
       ${tellingJoins}`,
      [keys.map((key) => key.sync), keys.map((key) => key.personId)],
    );
    return rows.map(toTelling);
  }

  update(transaction: Transaction, updates: readonly TellingUpdate[]): void {
    if (updates.length === 0) return;
    transaction.write(
      `update activation.tellings t set told = u.told, refused = u.refused, open_id = u.open_id,
         again = u.again
       from (select u.*, found.ctid as place
             from unnest($1::text[], $2::text[], $3::boolean[], $4::boolean[], $5::text[],
               $6::text[])
               u (sync, person_id, told, refused, open_id, again)
             cross join lateral ${lockedRow}) u
       where t.ctid = u.place`,
      [
        updates.map((update) => update.sync),
        updates.map((update) => update.personId),
        updates.map((update) => update.told),
        updates.map((update) => update.refused),
        updates.map((update) => update.openId),
        updates.map((update) => (update.again ? JSON.stringify(update.again) : null)),
      ],
    );
  }

  open(transaction: Transaction, deliveries: readonly NewDelivery[], now: Date): void {
    if (deliveries.length === 0) return;
    transaction.write(openStatement, [
      deliveries.map((delivery) => delivery.id),
      deliveries.map((delivery) => delivery.destination),
      deliveries.map((delivery) => delivery.sync),
      deliveries.map((delivery) => delivery.audience),
      deliveries.map((delivery) => delivery.personId),
      deliveries.map((delivery) => delivery.kind),
      deliveries.map((delivery) => delivery.dueAt?.toISOString() ?? null),
      deliveries.map((delivery) => JSON.stringify(delivery.cause)),
      deliveries.map((delivery) => delivery.decision && JSON.stringify(delivery.decision)),
      deliveries.map((delivery) => delivery.occurredAt.toISOString()),
      deliveries.map((delivery) => delivery.touched),
      now,
    ]);
  }

  /** Settles open messages that are no longer to be sent. A worker that holds one loses it. */
  supersede(transaction: Transaction, ids: readonly string[], note: string, now: Date): void {
    if (ids.length === 0) return;
    transaction.write(
      `update activation.deliveries set status = 'SUPERSEDED', is_stuck = false, due_at = null,
         lease_until = null, claim = claim + 1, held = null, note = $2, updated_at = $3
       where id = any($1::text[]) and status <> 'DEAD'`,
      [ids, note, now],
    );
  }

  /** Settles dead messages whose place others have taken. */
  async retire(session: Session, ids: readonly string[], now: Date): Promise<void> {
    if (ids.length === 0) return;
    await session.query(
      `update activation.deliveries set status = 'SUPERSEDED', is_stuck = false, due_at = null,
         claim = claim + 1, note = 'Another message took its place before it was replayed',
         updated_at = $2
       where id = any($1::text[])`,
      [ids, now],
    );
  }

  /** Makes withheld or dead messages due again, with a fresh budget of tries. */
  async requeue(session: Session, ids: readonly string[], now: Date): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await session.query<{ id: string }>(
      `update activation.deliveries d set status = 'PENDING', is_stuck = false, tries = 0,
         claim = d.claim + 1, note = null, updated_at = $2,
         occurred_at = case when d.status = 'WITHHELD' then $2 else d.occurred_at end,
         due_at = case when s.state = 'ACTIVE' then $2::timestamptz end
       from activation.syncs s
       where d.id = any($1::text[]) and s.name = d.sync and d.status in ('WITHHELD', 'DEAD')
       returning d.id`,
      [ids, now],
    );
    return rows.map((row) => row.id);
  }

  /**
   * Lets an unseen open message tell of a later change. Who was about to send it as it was loses it.
   */
  coalesce(
    transaction: Transaction,
    changes: readonly { id: string; occurredAt: Date; cause: DeliveryCause }[],
    now: Date,
  ): void {
    if (changes.length === 0) return;
    transaction.write(
      `update activation.deliveries d set cause = u.cause, occurred_at = u.occurred_at,
         claim = d.claim + 1, updated_at = $4
       from unnest($1::text[], $2::text[], $3::timestamptz[]) u (id, cause, occurred_at)
       where d.id = u.id`,
      [
        changes.map((change) => change.id),
        changes.map((change) => JSON.stringify(change.cause)),
        changes.map((change) => change.occurredAt),
        now,
      ],
    );
  }
}
