import type { Session } from "../../../kernel/database/database.ts";
import type { DeviceUse } from "./identity-reader.ts";
import * as rows from "./postgres-rows.ts";

/** Ties of one device that are looked at for who took it over. */
const tiesMax = 1_000;

const devicesSql = `
  with ties as (
    select i.person_id, tie.device, tie.first_seen_at, tie.last_seen_at, tie.confidence
    from identity.identifiers i
    cross join lateral (
      select e.high_key as device, e.first_seen_at, e.last_seen_at, e.confidence
        from identity.evidence e where e.low_key = i.key
      union all
      select e.low_key, e.first_seen_at, e.last_seen_at, e.confidence
        from identity.evidence e where e.high_key = i.key
      limit ${tiesMax}) tie
    where i.person_id = any($1::text[]) and i.kind = 'PERSON' and not i.generic
    union all
    select i.person_id, i.key, i.first_seen_at, i.last_seen_at, 1
    from identity.identifiers i
    where i.person_id = any($1::text[]) and i.kind = 'DEVICE' and i.seen
  ), uses as (
    select person_id, device, min(first_seen_at) as from_at, max(last_seen_at) as to_at,
      min(confidence) as confidence
    from ties group by person_id, device
  ), ranked as (
    select uses.*, row_number() over (
      partition by uses.person_id order by uses.to_at desc, uses.device) as place
    from uses join identity.identifiers d
      on d.key = uses.device and d.kind = 'DEVICE' and d.seen
  )
  select r.person_id as asked, r.from_at, r.to_at, r.confidence as sureness, i.*
  from ranked r
  join lateral (select ${rows.identifierColumns} from identity.identifiers i
                where i.key = r.device) i on true
  where r.place <= $2 order by r.person_id, r.place`;

/**
 * Devices beside the identifiers of each person: its own and those that belong to somebody else by
 * now. A device that nobody but anonymous visitors used is its own person's. What a generic value was
 * seen on are devices of all who gave it: nobody's.
 */
export async function devicesOfPersons(
  session: Session,
  personIds: readonly string[],
  limit: number,
): Promise<Map<string, DeviceUse[]>> {
  const found = await session.query(
    {
      name: "identity-read-devices",
      text: devicesSql,
    },
    [personIds, limit],
  );
  const takers = await takeovers(session, [...new Set(found.map((row) => row.key as string))]);
  return rows.grouped(
    found,
    (row) => row.asked as string,
    (row) => toUse(row, takers.get(row.key as string) ?? []),
  );
}

interface Use extends Record<string, unknown> {
  device: string;
  person_id: string;
  first_seen_at: string;
}

/** First uses of the devices by each person's own identifiers. */
async function takeovers(
  session: Session,
  devices: readonly string[],
): Promise<Map<string, Use[]>> {
  if (devices.length === 0) return new Map();
  const found = await session.query<Use>(
    {
      name: "identity-read-takeovers",
      text: `
        select device.key as device, i.person_id, min(tie.first_seen_at) as first_seen_at
        from unnest($1::text[]) as device (key)
        cross join lateral (
          select e.high_key as peer, e.first_seen_at
            from identity.evidence e where e.low_key = device.key
          union all
          select e.low_key, e.first_seen_at from identity.evidence e where e.high_key = device.key
          limit ${tiesMax}) tie
        join identity.identifiers i on i.key = tie.peer and i.kind = 'PERSON' and not i.generic
        where i.person_id is not null
        group by device.key, i.person_id order by 3`,
    },
    [devices],
  );
  return rows.grouped(
    found,
    (row) => row.device,
    (row) => row,
  );
}

function toUse(row: Record<string, unknown>, uses: readonly Use[]): DeviceUse {
  const personId = row.asked as string;
  const own =
    uses.find((use) => use.person_id === personId)?.first_seen_at ?? (row.from_at as string);
  const next = uses.find((use) => use.person_id !== personId && use.first_seen_at > own);
  return {
    personId,
    device: rows.toIdentifier(row),
    firstSeenAt: row.from_at as string,
    lastSeenAt: row.to_at as string,
    confidence: row.sureness as number,
    takenOverAt: next?.first_seen_at ?? null,
  };
}
