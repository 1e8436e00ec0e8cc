import type { Row, Session, Transaction } from "../../../kernel/database/database.ts";
import { invariant } from "../../../kernel/errors/invariant.ts";
import type { Audience, AudienceVersion } from "../domain/audience.ts";
import type { AudienceRule } from "../domain/audience-rule.ts";
import type { VersionState } from "../domain/version-state.ts";
import type { Activation, DefinitionStore, NewAudience } from "./definition-store.ts";

/** How rules are written down; raised when their meaning changes, with a reader for the old one. */
const ruleFormat = 1;

const audienceColumns = "id, name, title, description, owner, purpose, created_at, member_count";

interface VersionRow extends Row {
  audience_id: number;
  number: number;
  state: VersionState;
  format: number;
  rule: string;
  created_at: Date;
  activated_at: Date | null;
  retired_at: Date | null;
}

interface AudienceRow extends Row {
  id: number;
  name: string;
  title: string;
  description: string | null;
  owner: string;
  purpose: string | null;
  created_at: Date;
  member_count: number;
}

function toVersion(row: VersionRow): AudienceVersion {
  invariant(row.format === ruleFormat, `no reader for rules of format ${row.format}`);
  return {
    number: row.number,
    state: row.state,
    rule: JSON.parse(row.rule) as AudienceRule,
    createdAt: row.created_at,
    activatedAt: row.activated_at,
    retiredAt: row.retired_at,
  };
}

function toAudience(row: AudienceRow, versions: VersionRow[]): Audience {
  return {
    id: row.id,
    name: row.name,
    title: row.title,
    description: row.description,
    owner: row.owner,
    purpose: row.purpose,
    createdAt: row.created_at,
    memberCount: Number(row.member_count),
    versions: versions.filter((version) => version.audience_id === row.id).map(toVersion),
  };
}

export class PostgresDefinitionStore implements DefinitionStore {
  async lock(transaction: Transaction, holder: string) {
    const rows = await transaction.query<{ revision: number; holder: string | null }>({
      name: "audiences-lock",
      text: "select revision, holder from audiences.writer for update",
    });
    const isStillOurs = rows[0]!.holder === holder;
    if (!isStillOurs) {
      await transaction.query("update audiences.writer set holder = $1", [holder]);
    }
    return { revision: rows[0]!.revision, isStillOurs };
  }

  async takenUntil(session: Session): Promise<number> {
    const rows = await session.query<{ position: number }>({
      name: "audiences-taken-until",
      text: "select taken_until as position from audiences.writer",
    });
    return Number(rows[0]!.position);
  }

  setTakenUntil(transaction: Transaction, position: number): void {
    transaction.write(
      {
        name: "audiences-set-taken-until",
        text: "update audiences.writer set taken_until = $1",
      },
      [position],
    );
  }

  async raiseRevision(transaction: Transaction): Promise<number> {
    const rows = await transaction.query<{ revision: number }>(
      "update audiences.writer set revision = revision + 1 returning revision",
    );
    return Number(rows[0]!.revision);
  }

  async revision(session: Session): Promise<number> {
    const rows = await session.query<{ revision: number }>("select revision from audiences.writer");
    return Number(rows[0]!.revision);
  }

  async audiences(session: Session, after: string, limit: number): Promise<Audience[]> {
    const rows = await session.query<AudienceRow>(
      `select ${audienceColumns} from audiences.audiences where name > $1 order by name limit $2`,
      [after, limit],
    );
    return this.withVersions(session, rows);
  }

  async audiencesByName(session: Session, names: readonly string[]): Promise<Audience[]> {
    const rows = await session.query<AudienceRow>(
      `select ${audienceColumns} from audiences.audiences where name = any($1::text[]) order by name`,
      [names],
    );
    return this.withVersions(session, rows);
  }

  async audiencesById(session: Session, ids: readonly number[]): Promise<Audience[]> {
    const rows = await session.query<AudienceRow>(
      `select ${audienceColumns} from audiences.audiences where id = any($1::int[]) order by id`,
      [ids],
    );
    return this.withVersions(session, rows);
  }

  private async withVersions(session: Session, rows: AudienceRow[]): Promise<Audience[]> {
    if (rows.length === 0) return [];
    const versions = await session.query<VersionRow>(
      "select * from audiences.versions where audience_id = any($1::int[]) order by number",
      [rows.map((row) => row.id)],
    );
    return rows.map((row) => toAudience(row, versions));
  }

  async audienceCount(session: Session): Promise<number> {
    const rows = await session.query<{ count: number }>(
      "select count(*)::int as count from audiences.audiences",
    );
    return rows[0]!.count;
  }

  async insertAudience(transaction: Transaction, audience: NewAudience): Promise<boolean> {
    const rows = await transaction.query(
      `insert into audiences.audiences (name, title, description, owner, purpose, created_at)
       values ($1, $2, $3, $4, $5, $6) on conflict (name) do nothing returning id`,
      [
        audience.name,
        audience.title,
        audience.description,
        audience.owner,
        audience.purpose,
        audience.createdAt,
      ],
    );
    return rows.length === 1;
  }

  async updateAudience(transaction: Transaction, id: number, to: NewAudience): Promise<void> {
    await transaction.query(
      `update audiences.audiences set title = $2, description = $3, owner = $4, purpose = $5
       where id = $1`,
      [id, to.title, to.description, to.owner, to.purpose],
    );
  }

  async insertVersion(
    transaction: Transaction,
    audienceId: number,
    version: { number: number; rule: AudienceRule; createdAt: Date },
  ): Promise<void> {
    await transaction.query(
      `insert into audiences.versions (audience_id, number, state, format, rule, created_at)
       values ($1, $2, 'DRAFT', $3, $4, $5)`,
      [audienceId, version.number, ruleFormat, JSON.stringify(version.rule), version.createdAt],
    );
  }

  async setVersionState(
    transaction: Transaction,
    audienceId: number,
    number: number,
    state: VersionState,
    at: Date,
  ): Promise<void> {
    await transaction.query(
      `update audiences.versions set state = $3,
         activated_at = case when $3 = 'ACTIVE' then $4::timestamptz else activated_at end,
         retired_at = case when $3 = 'RETIRED' then $4::timestamptz end
       where audience_id = $1 and number = $2`,
      [audienceId, number, state, at],
    );
  }

  async activations(session: Session): Promise<Activation[]> {
    return session.query<Row & Activation>(
      `select audience_id as "audienceId", version, after_person as "afterPerson"
       from audiences.activations order by started_at, audience_id`,
    );
  }

  async startActivation(transaction: Transaction, started: Activation, at: Date): Promise<void> {
    await transaction.query(
      `insert into audiences.activations (audience_id, version, after_person, started_at)
       values ($1, $2, $3, $4) on conflict (audience_id) do update
       set version = excluded.version, after_person = excluded.after_person,
         started_at = excluded.started_at`,
      [started.audienceId, started.version, started.afterPerson, at],
    );
  }

  async advanceActivation(transaction: Transaction, audienceId: number, after: string) {
    await transaction.query(
      "update audiences.activations set after_person = $2 where audience_id = $1",
      [audienceId, after],
    );
  }

  async endActivation(transaction: Transaction, audienceId: number): Promise<void> {
    await transaction.query("delete from audiences.activations where audience_id = $1", [
      audienceId,
    ]);
  }
}
