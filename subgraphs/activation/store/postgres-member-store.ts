import type { Session, Transaction } from "../../../kernel/database/database.ts";
import type { DeliveryCause } from "../domain/delivery.ts";

/** A person in an audience, as last announced. */
export interface Member {
  audience: string;
  personId: string;
  version: number;
  enteredAt: Date;
  cause: DeliveryCause;
}

const enterStatement = {
  name: "activation-members-enter",
  text: `
    insert into activation.members (audience, person_id, version, entered_at, cause)
    select * from unnest($1::text[], $2::text[], $3::int[], $4::timestamptz[], $5::text[])
    on conflict (audience, person_id) do update set
      version = excluded.version, entered_at = excluded.entered_at, cause = excluded.cause`,
};

/** Our projection of the stream `memberships`, and of who was merged into whom. */
export class PostgresMemberStore {
  enter(transaction: Transaction, members: readonly Member[]): void {
    if (members.length === 0) return;
    transaction.write(enterStatement, [
      members.map((member) => member.audience),
      members.map((member) => member.personId),
      members.map((member) => member.version),
      members.map((member) => member.enteredAt.toISOString()),
      members.map((member) => JSON.stringify(member.cause)),
    ]);
  }

  exit(transaction: Transaction, members: readonly { audience: string; personId: string }[]): void {
    if (members.length === 0) return;
    transaction.write(
      `delete from activation.members m
       using unnest($1::text[], $2::text[]) gone (audience, person_id)
       where m.audience = gone.audience and m.person_id = gone.person_id`,
      [members.map((member) => member.audience), members.map((member) => member.personId)],
    );
  }

  /** Which of these persons are in which of the audiences. */
  async among(
    session: Session,
    audiences: readonly string[],
    personIds: readonly string[],
  ): Promise<{ audience: string; personId: string }[]> {
    const rows = await session.query<{ audience: string; person_id: string }>(
      `select m.audience, m.person_id
       from unnest($1::text[]) a (name) cross join unnest($2::text[]) p (id)
       cross join lateral (
         select audience, person_id from activation.members
         where audience = a.name and person_id = p.id limit 1) m`,
      [audiences, personIds],
    );
    return rows.map((row) => ({ audience: row.audience, personId: row.person_id }));
  }

  /** Ids of members and of persons a sync speaks of, ascending, after `after`. */
  async sweepPage(
    session: Session,
    sync: { name: string; audience: string | null },
    after: string,
    limit: number,
  ): Promise<string[]> {
    const rows = await session.query<{ person_id: string }>(
      `select person_id from (
         (select person_id from activation.members
          where audience = $1 and person_id > $3 order by person_id limit $4)
         union
         (select person_id from activation.tellings
          where sync = $2 and person_id > $3 order by person_id limit $4)
       ) persons order by person_id limit $4`,
      [sync.audience, sync.name, after, limit],
    );
    return rows.map((row) => row.person_id);
  }

  /** Notes who redirects to whom; an id that was given back to itself redirects no more. */
  async redirect(
    session: Session,
    redirects: readonly { from: string; to: string }[],
  ): Promise<void> {
    for (const { from, to } of redirects) {
      if (from === to) {
        await session.query("delete from activation.redirects where old_id = $1", [from]);
        continue;
      }
      await session.query(
        `with chained as (
           update activation.redirects set current_id = $2 where current_id = $1)
         insert into activation.redirects (old_id, current_id) values ($1, $2)
         on conflict (old_id) do update set current_id = excluded.current_id`,
        [from, to],
      );
    }
  }

  /** The survivors of those ids that were merged away. */
  async survivors(session: Session, personIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await session.query<{ old_id: string; current_id: string }>(
      "select old_id, current_id from activation.redirects where old_id = any($1::text[])",
      [personIds],
    );
    return new Map(rows.map((row) => [row.old_id, row.current_id]));
  }
}
