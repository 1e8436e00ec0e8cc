import type { Database } from "../../../kernel/database/database.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { NamespaceUse } from "../domain/policy-change.ts";
import type { GraphScan, ScannedIdentifier } from "./graph-scan.ts";
import { evidenceAt } from "./postgres-components.ts";

/** See `GraphScan`; each page is read along an index. */
export class PostgresScan implements GraphScan {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async identifiers(afterKey: string, limit: number): Promise<ScannedIdentifier[]> {
    const found = await this.database.query<{
      key: string;
      person_id: string | null;
      policy_version: number | null;
      generic: boolean;
    }>(
      `select i.key, i.person_id, i.generic, p.policy_version
       from (select key, person_id, generic from identity.identifiers where key > $1
             order by key limit $2) as i
       left join identity.persons p on p.id = i.person_id order by i.key`,
      [afterKey, limit],
    );
    return found.map((row) => ({
      key: row.key,
      personId: row.person_id,
      policyVersion: row.policy_version,
      generic: row.generic,
    }));
  }

  genericKeys(afterKey: string, limit: number): Promise<string[]> {
    return this.texts(
      `select key as text from identity.identifiers where key > $1 and generic
       order by key limit $2`,
      [afterKey, limit],
    );
  }

  personIds(afterId: string, limit: number): Promise<string[]> {
    return this.texts(
      `select id as text from identity.persons where id > $1 and merged_into is null
       order by id limit $2`,
      [afterId, limit],
    );
  }

  unsettled(limit: number): Promise<string[]> {
    return this.texts(
      `select id as text from identity.persons where policy_version = 0 and merged_into is null
       order by id limit $1`,
      [limit],
    );
  }

  keysOf(personId: string, afterKey: string, limit: number): Promise<string[]> {
    return this.texts(
      `select key as text from identity.identifiers where person_id = $1 and key > $2
       order by key limit $3`,
      [personId, afterKey, limit],
    );
  }

  busiest(personId: string, limit: number): Promise<string[]> {
    return this.texts(
      `select i.key as text from identity.identifiers i
       join identity.evidence e on e.low_key = i.key or e.high_key = i.key
       where i.person_id = $1 and not i.generic
       group by i.key order by count(*) desc, i.key limit $2`,
      [personId, limit],
    );
  }

  evidenceAt(key: string, limit: number): Promise<Evidence[]> {
    return evidenceAt(this.database, key, limit);
  }

  countIdentifiers(): Promise<number> {
    return this.count("select count(*) as count from identity.identifiers");
  }

  countPersons(): Promise<number> {
    return this.count("select count(*) as count from identity.persons where merged_into is null");
  }

  async namespaceUse(namespace: string): Promise<NamespaceUse> {
    // The keys of a namespace are those between `name:` and what follows the colon.
    const [row] = await this.database.query<{
      used: boolean;
      national: boolean;
    }>(
      `select
         exists (select 1 from identity.identifiers where key >= $1 and key < $2) as used,
         exists (select 1 from identity.identifiers
                 where key >= $1 and key < $2 and value not like '+%') as national`,
      [`${namespace}:`, `${namespace};`],
    );
    return { isUsed: row!.used, hasNationalNumbers: row!.national };
  }

  private async texts(sql: string, values: unknown[]): Promise<string[]> {
    const found = await this.database.query<{ text: string }>(sql, values);
    return found.map(({ text }) => text);
  }

  private async count(sql: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(sql);
    return row!.count;
  }
}
