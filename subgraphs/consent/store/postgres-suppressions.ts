import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import type { PageBounds, Suppression } from "./consent-store.ts";
import { markSeeAlso } from "./see-also.ts";
import { subjectHash } from "./subject-hash.ts";

interface SuppressionRow extends Row {
  id: string;
  address_key: string | null;
  channel: string;
  reason: string;
  note: string | null;
  created_at: Date;
  lifted_at: Date | null;
}

const columns = "id, address_key, channel, reason, note, created_at, lifted_at";

/** Suppresses the address; gives the suppression that stands, which may be an older one. */
export async function addSuppression(
  transaction: Transaction,
  suppression: Suppression & { addressKey: string },
  actor: string,
): Promise<Suppression> {
  const { id, addressKey, channel, reason, note, createdAt } = suppression;
  const rows = await transaction.query<SuppressionRow>(
    `insert into consent.suppressions as s (id, address_hash, address_key, channel, reason, note,
       created_at, created_by) values ($1, consent.keyed($2), $3, $4, $5, $6, $7, $8)
     on conflict (address_hash, channel, reason) where lifted_at is null
       do update set address_key = excluded.address_key
     returning ${columns}`,
    [
      id,
      subjectHash(addressKey),
      addressKey,
      channel ?? "",
      reason,
      note,
      new Date(createdAt),
      actor,
    ],
  );
  markSeeAlso(transaction, [addressKey]);
  return toSuppression(rows[0]!);
}

/**
 * Lifts what stands on the address, on that channel (null: on each) and for that reason (null:
 * any).
 */
export async function liftSuppressions(
  transaction: Transaction,
  lift: {
    addressKey: string;
    channel: string | null;
    reason: string | null;
    at: number;
    actor: string;
  },
): Promise<Suppression[]> {
  const rows = await transaction.query<SuppressionRow>(
    `update consent.suppressions set lifted_at = $4, lifted_by = $5
     where address_hash = consent.keyed($1) and lifted_at is null
       and ($2::text is null or channel = $2) and ($3::text is null or reason = $3)
     returning ${columns}`,
    [subjectHash(lift.addressKey), lift.channel, lift.reason, new Date(lift.at), lift.actor],
  );
  return rows.map(toSuppression);
}

/** The newest first, lifted ones too; of one address when it is given. */
export async function readSuppressionPage(
  session: Session,
  addressKey: string | null,
  { first, after }: PageBounds,
): Promise<Suppression[]> {
  const rows = await session.query<SuppressionRow>(
    `select ${columns} from consent.suppressions
     where ($1::text is null or address_hash = consent.keyed($1))
       and ($2::timestamptz is null or (created_at, id) < ($2::timestamptz, $3::text))
     order by created_at desc, id desc limit $4`,
    [
      addressKey === null ? null : subjectHash(addressKey),
      after ? new Date(after.at) : null,
      after?.id ?? null,
      first + 1,
    ],
  );
  return rows.map(toSuppression);
}

function toSuppression(row: SuppressionRow): Suppression {
  return {
    id: row.id,
    addressKey: row.address_key,
    channel: row.channel === "" ? null : row.channel,
    reason: row.reason,
    note: row.note,
    createdAt: row.created_at.getTime(),
    liftedAt: row.lifted_at?.getTime() ?? null,
  };
}
