import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import type { StatementFact, StatementKind } from "../domain/consent-facts.ts";
import type { StandingKey, Statement } from "./consent-store.ts";

const insertStatements = {
  name: "consent-insert-statements",
  text: `
    insert into consent.statements (id, subject_key, purpose_key, purpose, channel, kind, method,
      source, stated_at, recorded_at, expires_at, message_id, actor)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
      $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[],
      $12::text[], $13::text[])
    on conflict do nothing returning id`,
};

const raiseStandings = {
  name: "consent-raise-standings",
  text: `
    insert into consent.standings as s (subject_key, purpose_key, channel, kind, by_operator,
      stated_at, held_at, expires_at, message_id)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[],
      $6::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::text[])
    on conflict (subject_key, purpose_key, channel, kind, by_operator) do update set
      stated_at = excluded.stated_at, held_at = greatest(s.held_at, excluded.held_at),
      expires_at = excluded.expires_at, message_id = excluded.message_id, expiry_announced = false
    where excluded.stated_at >= s.stated_at`,
};

/** Adds statements that are new, and lets those that are the latest of their kind stand. */
export async function addStatements(
  transaction: Transaction,
  statements: Statement[],
): Promise<Statement[]> {
  if (statements.length === 0) return [];
  const rows = await transaction.query<{ id: string }>(insertStatements, [
    statements.map((one) => one.id),
    statements.map((one) => one.subjectKey),
    statements.map((one) => one.purposeKey),
    statements.map((one) => one.purpose),
    statements.map((one) => one.channel ?? ""),
    statements.map((one) => one.kind),
    statements.map((one) => one.method),
    statements.map((one) => one.source),
    statements.map((one) => new Date(one.statedAt)),
    statements.map((one) => new Date(one.recordedAt)),
    statements.map((one) => dateOrNull(one.expiresAt)),
    statements.map((one) => one.messageId),
    statements.map((one) => one.actor),
  ]);
  const added = new Set(rows.map((row) => row.id));
  const fresh = statements.filter((one) => added.has(one.id));
  await raise(transaction, latestOfEach(fresh));
  return fresh;
}

/** One row can be raised only once a statement: the latest of each standing. */
function latestOfEach(statements: Statement[]): Statement[] {
  const latest = new Map<string, Statement>();
  for (const one of statements) {
    const parts = [one.subjectKey, one.purposeKey, one.channel, one.kind, one.byOperator];
    const key = JSON.stringify(parts);
    const known = latest.get(key);
    if (!known || one.statedAt >= known.statedAt) latest.set(key, one);
  }
  return [...latest.values()];
}

async function raise(transaction: Transaction, statements: Statement[]): Promise<void> {
  if (statements.length === 0) return;
  transaction.write(raiseStandings, [
    statements.map((one) => one.subjectKey),
    statements.map((one) => one.purposeKey),
    statements.map((one) => one.channel ?? ""),
    statements.map((one) => one.kind),
    statements.map((one) => one.byOperator),
    statements.map((one) => new Date(one.statedAt)),
    statements.map((one) => dateOrNull(one.expiresAt)),
    statements.map((one) => one.messageId),
  ]);
}

export function holdStandings(transaction: Transaction, held: StatementFact[]): void {
  if (held.length === 0) return;
  const text = `
    update consent.standings s set held_at = greatest(s.held_at, n.held_at)
    from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[])
      as n(subject_key, purpose_key, channel, kind, by_operator, held_at)
    where s.subject_key = n.subject_key and s.purpose_key = n.purpose_key
      and s.channel = n.channel and s.kind = n.kind and s.by_operator = n.by_operator`;
  transaction.write({ name: "consent-hold-standings", text }, [
    held.map((one) => one.subject),
    held.map((one) => one.purpose),
    held.map((one) => one.channel ?? ""),
    held.map((one) => one.kind),
    held.map((one) => one.byOperator),
    held.map((one) => new Date(one.heldAt)),
  ]);
}

export interface StandingRow extends Row {
  subject_key: string;
  purpose_key: string;
  channel: string;
  kind: StatementKind;
  by_operator: boolean;
  stated_at: Date;
  held_at: Date;
  expires_at: Date | null;
  message_id: string | null;
}

export async function readStandings(
  session: Session,
  keys: StandingKey[],
): Promise<StatementFact[]> {
  if (keys.length === 0) return [];
  const text = `
    select s.* from unnest($1::text[], $2::text[]) as k(subject_key, purpose_key)
    cross join lateral (select * from consent.standings s
      where s.subject_key = k.subject_key and s.purpose_key = k.purpose_key offset 0) s`;
  const rows = await session.query<StandingRow>({ name: "consent-standings", text }, [
    keys.map((key) => key.subjectKey),
    keys.map((key) => key.purposeKey),
  ]);
  return rows.map(toStatementFact);
}

export function toStatementFact(row: StandingRow): StatementFact {
  return {
    subject: row.subject_key,
    purpose: row.purpose_key,
    channel: row.channel === "" ? null : row.channel,
    kind: row.kind,
    statedAt: row.stated_at.getTime(),
    heldAt: row.held_at.getTime(),
    byOperator: row.by_operator,
    expiresAt: row.expires_at?.getTime() ?? null,
    noticeVersion: null,
    isConfirmed: true,
    messageId: row.message_id,
    band: "HIGH",
  };
}

/** Marks them as it reads them, so that several processes share the work. */
export async function takeExpired(
  transaction: Transaction,
  now: number,
  limit: number,
): Promise<StatementFact[]> {
  const text = `
    update consent.standings s set expiry_announced = true
    from (select subject_key, purpose_key, channel, kind, by_operator from consent.standings
      where expires_at <= $1 and expires_at is not null and not expiry_announced
      order by expires_at limit $2 for update skip locked) as n
    where s.subject_key = n.subject_key and s.purpose_key = n.purpose_key
      and s.channel = n.channel and s.kind = n.kind and s.by_operator = n.by_operator
    returning s.*`;
  const values = [new Date(now), limit];
  const rows = await transaction.query<StandingRow>({ name: "consent-expired", text }, values);
  return rows.map(toStatementFact);
}

function dateOrNull(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
