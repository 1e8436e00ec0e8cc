import type { Row, Session } from "../database/database.ts";
import { type StreamName, streamNames } from "./stream.ts";

/** An entry that a consumer could not work off for a reason of the entry's own: it was passed over. */
export interface ParkedEntry {
  consumer: string;
  stream: StreamName;
  position: number;
  /** What the consumer said; may quote the entry. */
  reason: string;
  parkedAt: Date;
  /** As it stands in the stream; null once retention has removed it. */
  payload: unknown;
}

interface ParkedRow extends Row {
  consumer: string;
  stream: string;
  position: number;
  reason: string;
  parked_at: Date;
  number: number;
}

/** The newest first; at most `limit`, behind the one numbered `before`. */
export async function readParked(
  session: Session,
  before: number | null,
  limit: number,
): Promise<{ number: number; entry: ParkedEntry }[]> {
  const rows = await session.query<ParkedRow>(
    `select consumer, stream, position, reason, parked_at, number from streams.parked
     where $1::bigint is null or number < $1 order by number desc limit $2`,
    [before, limit],
  );
  const payloads = await payloadsOf(session, rows);
  return rows.map(({ number, consumer, stream, position, reason, parked_at: parkedAt }) => {
    const payload = payloads.get(`${stream} ${position}`) ?? null;
    return {
      number,
      entry: { consumer, stream: stream as StreamName, position, reason, parkedAt, payload },
    };
  });
}

/** How many each consumer has parked. */
export async function countParked(session: Session): Promise<Map<string, number>> {
  const rows = await session.query<{ consumer: string; count: number }>(
    "select consumer, count(*) as count from streams.parked group by consumer",
  );
  return new Map(rows.map(({ consumer, count }) => [consumer, count]));
}

async function payloadsOf(
  session: Session,
  rows: readonly ParkedRow[],
): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const name of streamNames) {
    const positions = rows.filter(({ stream }) => stream === name).map(({ position }) => position);
    if (positions.length === 0) continue;
    const entries = await session.query<{ position: number; payload: string }>(
      `select position, payload from streams.${name} where position = any($1::bigint[])`,
      [positions],
    );
    for (const { position, payload } of entries) {
      found.set(`${name} ${position}`, JSON.parse(payload));
    }
  }
  return found;
}
