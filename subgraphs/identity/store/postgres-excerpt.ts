import type { Transaction } from "../../../kernel/database/database.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { PersonState } from "../domain/person-state.ts";
import type { AccountState, GraphRequest } from "./graph-rows.ts";
import type { ExcerptReader } from "./load-excerpt.ts";
import { membershipsOf } from "./postgres-accounts.ts";
import { identifiersByKey } from "./postgres-identifiers.ts";
import * as rows from "./postgres-rows.ts";

/** `early` may be read before the unit's turn has come, as a cache tells what is on its way. */
export class PostgresExcerptReader implements ExcerptReader {
  private readonly early: Transaction;
  private readonly tx: Transaction;

  constructor(early: Transaction, tx: Transaction) {
    this.early = early;
    this.tx = tx;
  }

  async identifiers(keys: readonly string[]) {
    return { identifiers: await identifiersByKey(this.early, keys), persons: [] };
  }

  memberships(accounts: readonly AccountState[], keys: readonly string[]) {
    return membershipsOf(this.tx, accounts, keys);
  }

  async persons(ids: readonly string[]): Promise<PersonState[]> {
    const found = await this.early.query(
      {
        name: "identity-persons",
        text: `select ${rows.personColumns} from identity.persons p where p.id = any($1::text[])`,
      },
      [ids],
    );
    return found.map(rows.toPerson);
  }

  async evidence(pairs: GraphRequest["evidence"]): Promise<Evidence[]> {
    const found = await this.early.query(
      {
        name: "identity-evidence",
        text: `select ${rows.evidenceColumns}
               from unnest($1::text[], $2::text[], $3::text[]) as pair (low, high, rule)
               join identity.evidence e
                 on e.low_key = pair.low and e.high_key = pair.high and e.rule = pair.rule`,
      },
      [pairs.map(({ low }) => low), pairs.map(({ high }) => high), pairs.map(({ rule }) => rule)],
    );
    return found.map(rows.toEvidence);
  }

  async sheets(slots: GraphRequest["sheets"]): Promise<FactSheet[]> {
    const found = await this.early.query(
      {
        name: "identity-sheets",
        text: `select f.key, f.source, f.facts
               from unnest($1::text[], $2::text[]) as slot (key, source)
               join identity.fact_sheets f on f.key = slot.key and f.source = slot.source`,
      },
      [slots.map(({ key }) => key), slots.map(({ source }) => source)],
    );
    return found.map(rows.toSheet);
  }

  async accounts(groupIds: readonly string[]): Promise<AccountState[]> {
    const found = await this.tx.query(
      `select ${rows.accountColumns} from identity.accounts a where a.group_id = any($1::text[])`,
      [groupIds],
    );
    return found.map(rows.toAccount);
  }
}
