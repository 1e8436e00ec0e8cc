import type { Row, Session } from "../../../kernel/database/database.ts";
import type { ConsentCause, ConsentVerdict } from "../domain/delivery.ts";
import type { Telling } from "../domain/telling.ts";
import { parsed } from "./delivery-record.ts";
import { tellingColumns, tellingJoins, toTelling } from "./telling-record.ts";

/** That consent has to be asked anew about what was told, or withheld, of a person in a sync. */
export interface ConsentCheck {
  number: number;
  /** What made consent change; null: nothing that can be named. */
  cause: ConsentCause | null;
  telling: Telling;
  /** What consent said to the last entry; null: there is none. */
  entryVerdict: ConsentVerdict | null;
}

/** A person about whom consent is to be asked, and why. */
export interface WishedPerson {
  personId: string;
  cause: ConsentCause | null;
}

/** The queue of consent checks: one per telling, numbered so that a newer wish is never lost. */
export class PostgresCheckStore {
  /** Wishes a check, not before `dueAt`, of each of these tellings that exists. */
  async wish(
    session: Session,
    syncs: readonly string[],
    persons: readonly WishedPerson[],
    dueAt: Date,
  ): Promise<void> {
    if (syncs.length === 0 || persons.length === 0) return;
    await session.query(
      `insert into activation.checks (sync, person_id, due_at, number, cause)
       select t.sync, t.person_id, $3, 1, p.cause
       from unnest($1::text[]) s (name)
       cross join unnest($2::text[], $4::text[]) p (id, cause)
       cross join lateral (
         select * from activation.tellings where sync = s.name and person_id = p.id limit 1) t
       where t.told or t.open_id is not null
       order by t.sync, t.person_id
       on conflict (sync, person_id) do update set
         number = checks.number + 1, due_at = least(checks.due_at, excluded.due_at),
         cause = coalesce(excluded.cause, checks.cause)`,
      [
        syncs,
        persons.map((person) => person.personId),
        dueAt,
        persons.map((person) => person.cause && JSON.stringify(person.cause)),
      ],
    );
  }

  /** Wishes a check of exactly these tellings. */
  async wishEach(
    session: Session,
    keys: readonly { sync: string; personId: string }[],
    dueAt: Date,
  ): Promise<void> {
    if (keys.length === 0) return;
    await session.query(
      `insert into activation.checks (sync, person_id, due_at, number)
       select k.sync, k.person_id, $3, 1
       from unnest($1::text[], $2::text[]) k (sync, person_id) order by 1, 2
       on conflict (sync, person_id) do update set
         number = checks.number + 1, due_at = least(checks.due_at, excluded.due_at)`,
      [keys.map((key) => key.sync), keys.map((key) => key.personId), dueAt],
    );
  }

  async due(session: Session, now: Date, limit: number): Promise<ConsentCheck[]> {
    const rows = await session.query(
      `select c.number, c.cause as why, ${tellingColumns},
         coalesce((select decision from activation.deliveries
          where person_id = t.person_id and sync = t.sync and kind = 'ENTERED'
          order by id desc limit 1), t.entry_decision) as decision
       from (select * from activation.checks where due_at <= $1 order by due_at limit $2) c
       cross join lateral (
         select * from activation.tellings
         where sync = c.sync and person_id = c.person_id limit 1) t
       ${tellingJoins}`,
      [now, limit],
    );
    return rows.map((row: Row) => ({
      number: row["number"] as number,
      cause: parsed<ConsentCause>(row["why"]),
      telling: toTelling(row),
      entryVerdict: parsed<ConsentVerdict>(row["decision"]),
    }));
  }

  /** Ends these checks, unless they were wished anew since. */
  async done(session: Session, checks: readonly ConsentCheck[]): Promise<void> {
    if (checks.length === 0) return;
    await session.query(
      `delete from activation.checks c
       using unnest($1::text[], $2::text[], $3::int[]) done (sync, person_id, number)
       where c.sync = done.sync and c.person_id = done.person_id and c.number = done.number`,
      keysOf(checks),
    );
  }

  async postpone(session: Session, checks: readonly ConsentCheck[], dueAt: Date): Promise<void> {
    if (checks.length === 0) return;
    await session.query(
      `update activation.checks c set due_at = $4
       from unnest($1::text[], $2::text[], $3::int[]) later (sync, person_id, number)
       where c.sync = later.sync and c.person_id = later.person_id and c.number = later.number`,
      [...keysOf(checks), dueAt],
    );
  }
}

function keysOf(checks: readonly ConsentCheck[]): unknown[] {
  return [
    checks.map((check) => check.telling.sync),
    checks.map((check) => check.telling.personId),
    checks.map((check) => check.number),
  ];
}
