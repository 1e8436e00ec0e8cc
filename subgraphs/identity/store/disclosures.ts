import type { Database } from "../../../kernel/database/database.ts";

/** Who was told everything about whom. */
export class Disclosures {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async note(disclosure: { id: string; personId: string; actor: string; at: Date }): Promise<void> {
    const { id, personId, actor, at } = disclosure;
    await this.database.query(
      "insert into identity.disclosures (id, person_id, actor, at) values ($1, $2, $3, $4)",
      [id, personId, actor, at.toISOString()],
    );
  }

  async of(personIds: readonly string[]): Promise<{ actor: string; at: string }[]> {
    return this.database.query<{ actor: string; at: string }>(
      `select actor, at from identity.disclosures
       where person_id = any($1::text[]) order by at, id`,
      [personIds],
    );
  }
}
