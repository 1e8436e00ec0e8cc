import type { Row, Session } from "../../../kernel/database/database.ts";
import type { StatementKind } from "../domain/consent-facts.ts";
import type { PageBounds, Statement } from "./consent-store.ts";

interface StatementRow extends Row {
  page: number;
  id: string;
  subject_key: string;
  purpose_key: string;
  purpose: string;
  channel: string;
  kind: StatementKind;
  method: string;
  source: string | null;
  stated_at: Date;
  recorded_at: Date;
  expires_at: Date | null;
  message_id: string | null;
  actor: string | null;
}

/** A page for each list of subjects, newest first, with one row more than asked for. */
export async function readStatementPages(
  session: Session,
  subjects: string[][],
  { first, after }: PageBounds,
): Promise<Statement[][]> {
  const text = `
    select * from (
      select m.page, s.*,
        row_number() over (partition by m.page order by s.stated_at desc, s.id desc) as place
      from unnest($1::int[], $2::text[]) as m(page, subject_key) cross join lateral (
        select * from consent.statements
        where subject_key = m.subject_key
          and ($3::timestamptz is null or (stated_at, id) < ($3::timestamptz, $4::text))
        order by stated_at desc, id desc limit $5) as s
    ) as found where place <= $5 order by page, place`;
  const flat = subjects.flatMap((keys, page) => keys.map((key) => ({ key, page })));
  const rows = await session.query<StatementRow>(text, [
    flat.map((one) => one.page),
    flat.map((one) => one.key),
    after ? new Date(after.at) : null,
    after?.id ?? null,
    first + 1,
  ]);
  const pages: Statement[][] = subjects.map(() => []);
  for (const row of rows) pages[row.page]!.push(toStatement(row));
  return pages;
}

function toStatement(row: StatementRow): Statement {
  return {
    id: row.id,
    subjectKey: row.subject_key,
    purposeKey: row.purpose_key,
    purpose: row.purpose,
    channel: row.channel === "" ? null : row.channel,
    kind: row.kind,
    method: row.method,
    byOperator: false,
    source: row.source,
    statedAt: row.stated_at.getTime(),
    recordedAt: row.recorded_at.getTime(),
    expiresAt: row.expires_at?.getTime() ?? null,
    messageId: row.message_id,
    actor: row.actor,
  };
}
