import type { EventType } from "../../../kernel/announcements/accepted-event.ts";
import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { QuarantinedEvent, QuarantineFilter, QuarantineState } from "../domain/quarantine.ts";
import type { Violation } from "../domain/read-event.ts";
import type { QuarantineStore } from "./quarantine-store.ts";

interface QuarantineRow extends Record<string, unknown> {
  place: number;
  key: string;
  message_id: string;
  source: string;
  type: string;
  event: string | null;
  contract_version: number | null;
  received_at: Date;
  violations: string;
  payload: string;
  state: string;
  settled_at: Date | null;
  reason: string | null;
}

const matching = `
  ($1::text[] is null or source = any($1)) and ($2::text[] is null or event = any($2))
  and ($3::text[] is null or message_id = any($3)) and ($4::text[] is null or state = any($4))
  and ($5::timestamptz is null or received_at >= $5)
  and ($6::timestamptz is null or received_at < $6)`;

/** Quarantine on PostgreSQL, embedded or not. */
export class PostgresQuarantineStore implements QuarantineStore {
  async page(
    session: Session,
    filter: QuarantineFilter,
    before: number | null,
    limit: number,
  ): Promise<QuarantinedEvent[]> {
    const rows = await session.query<QuarantineRow>(
      `select * from events.quarantine
       where ${matching} and ($7::bigint is null or place < $7) order by place desc limit $8`,
      [...conditions(filter), before, limit],
    );
    return rows.map(eventOf);
  }

  async count(session: Session, filter: QuarantineFilter): Promise<number> {
    const [row] = await session.query<{ count: number }>(
      `select count(*) from events.quarantine where ${matching}`,
      conditions(filter),
    );
    return row?.count ?? 0;
  }

  async takeWaiting(
    transaction: Transaction,
    filter: QuarantineFilter,
    limit: number,
  ): Promise<QuarantinedEvent[]> {
    const rows = await transaction.query<QuarantineRow>(
      `select * from events.quarantine where ${matching} order by place limit $7 for update`,
      [...conditions({ ...filter, states: ["WAITING"] }), limit],
    );
    return rows.map(eventOf);
  }

  async settle(
    transaction: Transaction,
    places: readonly number[],
    state: QuarantineState,
    reason: string | null,
    at: Date,
  ): Promise<void> {
    if (places.length === 0) return;
    await transaction.query(
      `update events.quarantine set state = $2, reason = $3, settled_at = $4
       where place = any($1::bigint[])`,
      [places, state, reason, at],
    );
  }

  async setViolations(
    transaction: Transaction,
    entries: readonly { place: number; violations: Violation[] }[],
  ): Promise<void> {
    if (entries.length === 0) return;
    await transaction.query(
      `update events.quarantine set violations = entry.violations
       from unnest($1::bigint[], $2::text[]) as entry (place, violations)
       where quarantine.place = entry.place`,
      [
        entries.map((entry) => entry.place),
        entries.map((entry) => JSON.stringify(entry.violations)),
      ],
    );
  }
}

function conditions(filter: QuarantineFilter): unknown[] {
  const { sources, events, messageIds, states, receivedFrom, receivedUntil } = filter;
  return [sources, events, messageIds, states, receivedFrom, receivedUntil];
}

function eventOf(row: QuarantineRow): QuarantinedEvent {
  return {
    place: row.place,
    key: row.key,
    messageId: row.message_id,
    source: row.source,
    type: row.type as EventType,
    event: row.event,
    contractVersion: row.contract_version,
    receivedAt: row.received_at,
    violations: JSON.parse(row.violations) as Violation[],
    payload: JSON.parse(row.payload) as Record<string, unknown>,
    state: row.state as QuarantineState,
    settledAt: row.settled_at,
    reason: row.reason,
  };
}
