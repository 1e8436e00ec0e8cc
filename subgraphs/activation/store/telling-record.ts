import type { Row } from "../../../kernel/database/database.ts";
import type { DeliveryCause, DeliveryStatus } from "../domain/delivery.ts";
import type { SyncState } from "../domain/sync.ts";
import type { Afterwards, Telling } from "../domain/telling.ts";
import { parsed } from "./delivery-record.ts";

/** To be selected from `activation.tellings t` with `tellingJoins`. */
export const tellingColumns = `t.sync, t.person_id, t.told, t.refused, t.open_id, t.again,
  s.destination, s.audience, s.state as sync_state, d.status as open_status,
  coalesce(d.touched, false) as open_touched, m.person_id is not null as member,
  m.version as member_version, m.entered_at, m.cause as member_cause, r.current_id as survivor`;

/**
 * One look-up per row by primary key: `limit 1` keeps the planner from joining whole tables, which
 * it would choose while it has no statistics (measured: 185 ms instead of 3 for 60 rows of 10,000).
 */
export const tellingJoins = `
  left join lateral (
    select destination, audience, state from activation.syncs
    where name = t.sync limit 1) s on true
  left join lateral (
    select status, touched from activation.deliveries where id = t.open_id limit 1) d on true
  left join lateral (
    select person_id, version, entered_at, cause from activation.members
    where audience = s.audience and person_id = t.person_id limit 1) m on true
  left join lateral (
    select current_id from activation.redirects where old_id = t.person_id limit 1) r on true`;

/**
 * The place of the telling of `u (sync, person_id)`, which the transaction holds: found by key and then updated in
 * place, because the planner would otherwise read the whole table while it is small (8 ms instead
 * of 0.5).
 */
export const lockedRow = `(
  select ctid from activation.tellings
  where sync = u.sync and person_id = u.person_id limit 1) found`;

export function toTelling(row: Row): Telling {
  return {
    sync: row["sync"] as string,
    personId: row["person_id"] as string,
    told: row["told"] as boolean,
    refused: row["refused"] as boolean,
    openId: row["open_id"] as string | null,
    openStatus: row["open_status"] as DeliveryStatus | null,
    openTouched: row["open_touched"] as boolean,
    again: parsed<Afterwards>(row["again"]),
    destination: row["destination"] as string,
    audience: row["audience"] as string | null,
    syncState: row["sync_state"] as SyncState,
    member: row["member"]
      ? {
          version: row["member_version"] as number,
          enteredAt: row["entered_at"] as Date,
          cause: parsed<DeliveryCause>(row["member_cause"])!,
        }
      : null,
    survivor: row["survivor"] as string | null,
  };
}
