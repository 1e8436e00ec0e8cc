import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import type { MembershipRow, MembershipStore } from "./membership-store.ts";

const columns = `m.person_id as "personId", m.audience_id as "audienceId", m.version as version,
  m.is_member as "isMember", m.entered_at as "enteredAt", m.exited_at as "exitedAt",
  m.due_at_ms as "dueAtMs"`;

type Found = Row & MembershipRow;

export class PostgresMembershipStore implements MembershipStore {
  async ofPersons(session: Session, personIds: readonly string[]): Promise<MembershipRow[]> {
    if (personIds.length === 0) return [];
    return session.query<Found>(
      {
        name: "audiences-memberships-of-persons",
        text: `select ${columns} from unnest($1::text[]) k(id)
          join audiences.memberships m on m.person_id = k.id`,
      },
      [personIds],
    );
  }

  save(transaction: Transaction, rows: readonly MembershipRow[]): void {
    if (rows.length === 0) return;
    transaction.write(
      {
        name: "audiences-save-memberships",
        text: `insert into audiences.memberships
          (person_id, audience_id, version, is_member, entered_at, exited_at, due_at_ms)
          select * from unnest($1::text[], $2::int[], $3::int[], $4::bool[], $5::timestamptz[],
            $6::timestamptz[], $7::bigint[])
          on conflict (person_id, audience_id) do update set version = excluded.version,
            is_member = excluded.is_member, entered_at = excluded.entered_at,
            exited_at = excluded.exited_at, due_at_ms = excluded.due_at_ms`,
      },
      [
        rows.map((row) => row.personId),
        rows.map((row) => row.audienceId),
        rows.map((row) => row.version),
        rows.map((row) => row.isMember),
        rows.map((row) => row.enteredAt),
        rows.map((row) => row.exitedAt),
        rows.map((row) => row.dueAtMs),
      ],
    );
  }

  removePersons(transaction: Transaction, personIds: readonly string[]): void {
    if (personIds.length === 0) return;
    transaction.write("delete from audiences.memberships where person_id = any($1::text[])", [
      personIds,
    ]);
  }

  addToCounts(transaction: Transaction, deltas: ReadonlyMap<number, number>): void {
    const changed = [...deltas].filter(([, delta]) => delta !== 0);
    if (changed.length === 0) return;
    transaction.write(
      {
        name: "audiences-add-to-counts",
        text: `update audiences.audiences a set member_count = member_count + d.delta
          from unnest($1::int[], $2::int[]) d(id, delta) where a.id = d.id`,
      },
      [changed.map(([id]) => id), changed.map(([, delta]) => delta)],
    );
  }

  async due(session: Session, nowMs: number, limit: number): Promise<MembershipRow[]> {
    return session.query<Found>(
      {
        name: "audiences-due",
        text: `select ${columns} from audiences.memberships m where m.due_at_ms <= $1
          order by m.due_at_ms limit $2`,
      },
      [nowMs, limit],
    );
  }

  async nextDueAtMs(session: Session): Promise<number | null> {
    const rows = await session.query<{ due: number }>({
      name: "audiences-next-due",
      text: `select due_at_ms as due from audiences.memberships where due_at_ms is not null
        order by due_at_ms limit 1`,
    });
    return rows[0] ? Number(rows[0].due) : null;
  }

  async members(session: Session, audienceId: number, after: string, limit: number) {
    return session.query<Found>(
      {
        name: "audiences-members",
        text: `select ${columns} from audiences.memberships m
          where m.audience_id = $1 and m.person_id > $2 and m.is_member
          order by m.person_id limit $3`,
      },
      [audienceId, after, limit],
    );
  }

  async membershipsOf(session: Session, personIds: readonly string[]): Promise<MembershipRow[]> {
    if (personIds.length === 0) return [];
    return session.query<Found>(
      {
        name: "audiences-memberships-of",
        text: `select ${columns} from unnest($1::text[]) k(id)
          join audiences.memberships m on m.person_id = k.id where m.is_member
          order by m.person_id, m.audience_id`,
      },
      [personIds],
    );
  }
}
