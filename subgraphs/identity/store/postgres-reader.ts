import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import type { Database } from "../../../kernel/database/database.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { IdentifierKind } from "../domain/identity-policy.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { AccountState, GraphComponent } from "./graph-rows.ts";
import type {
  AuditListing,
  DeviceUse,
  IdentityReader,
  Page,
  PersonListing,
  PersonRow,
} from "./identity-reader.ts";
import type { OrganisationReader } from "./organisation-reader.ts";
import { PostgresOrganisations } from "./postgres-accounts.ts";
import { loadComponents } from "./postgres-components.ts";
import { identifiersByKey, identifiersOfPersons } from "./postgres-identifiers.ts";
import { listAudit, listPersons } from "./postgres-listings.ts";
import * as rows from "./postgres-rows.ts";
import { devicesOfPersons } from "./postgres-uses.ts";

const kindOrder = "array_position(array['PERSON', 'DEVICE', 'SESSION'], i.kind)";

/** Questions to the graph in PostgreSQL; one statement each, whatever the number of persons. */
export class PostgresReader implements IdentityReader {
  readonly organisations: OrganisationReader;
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
    this.organisations = new PostgresOrganisations(database);
  }

  async persons(ids: readonly string[]): Promise<Map<string, PersonRow>> {
    const found = await this.database.query(
      {
        name: "identity-read-persons",
        text: `select asked.id as asked, p.id, p.created_at, p.record
               from identity.persons asked
               join identity.persons p on p.id = coalesce(asked.merged_into, asked.id)
               where asked.id = any($1::text[])`,
      },
      [ids],
    );
    return new Map(found.map((row) => [row.asked as string, rows.toPersonRow(row)]));
  }

  async personIdsOf(keys: readonly string[]): Promise<Map<string, string>> {
    const found = await this.database.query<{ key: string; person_id: string }>(
      {
        name: "identity-read-person-ids",
        text: `select key, person_id from identity.identifiers
               where key = any($1::text[]) and person_id is not null`,
      },
      [keys],
    );
    return new Map(found.map((row) => [row.key, row.person_id]));
  }

  async redirectsTo(personIds: readonly string[]): Promise<Map<string, string[]>> {
    const found = await this.database.query<{ id: string; merged_into: string }>(
      {
        name: "identity-read-redirects",
        text: `select id, merged_into from identity.persons
               where merged_into = any($1::text[]) order by id limit 50000`,
      },
      [personIds],
    );
    return rows.grouped(
      found,
      (row) => row.merged_into,
      (row) => row.id,
    );
  }

  async identifiers(
    personIds: readonly string[],
    kinds: readonly IdentifierKind[],
    page: Page,
  ): Promise<Map<string, { identifiers: KnownIdentifier[]; totalCount: number }>> {
    const found = await this.database.query(
      {
        name: "identity-read-identifiers",
        text: `select person.id as asked, i.*, totals.count as total
               from unnest($1::text[]) as person (id)
               cross join lateral (select count(*)::integer as count from identity.identifiers i
                 where i.person_id = person.id and i.seen and i.kind = any($2::text[])) totals
               left join lateral (select ${rows.identifierColumns} from identity.identifiers i
                 where i.person_id = person.id and i.seen and i.kind = any($2::text[])
                 order by ${kindOrder}, i.first_seen_at, i.key limit $3 offset $4) i on true`,
      },
      [personIds, kinds, page.limit, Number(page.after ?? 0)],
    );
    const result = new Map<string, { identifiers: KnownIdentifier[]; totalCount: number }>();
    for (const row of found) {
      const own = result.get(row.asked as string) ?? {
        identifiers: [],
        totalCount: row.total as number,
      };
      if (row.key !== null) own.identifiers.push(rows.toIdentifier(row));
      result.set(row.asked as string, own);
    }
    return result;
  }

  async namesOf(
    personIds: readonly string[],
    namespaces: readonly string[],
    limit: number,
  ): Promise<Map<string, RawIdentifier[]>> {
    if (namespaces.length === 0) return new Map();
    const found = await this.database.query<{ asked: string; namespace: string; value: string }>(
      {
        name: "identity-read-names",
        text: `select person.id as asked, i.namespace, i.value
               from unnest($1::text[]) as person (id)
               cross join lateral (select i.namespace, i.value from identity.identifiers i
                 where i.person_id = person.id and i.seen and i.namespace = any($2::text[])
                 order by ${kindOrder}, i.first_seen_at, i.key limit $3) i`,
      },
      [personIds, namespaces, limit],
    );
    return rows.grouped(
      found,
      (row) => row.asked,
      ({ namespace, value }) => ({ namespace, value }),
    );
  }

  identifiersOfPersons(personIds: readonly string[]): Promise<KnownIdentifier[]> {
    return identifiersOfPersons(this.database, personIds);
  }

  async evidenceWithin(
    personIds: readonly string[],
    edgesMax: number,
  ): Promise<Map<string, Evidence[]>> {
    const found = await this.database.query(
      {
        name: "identity-read-evidence",
        text: `select person.id as asked, e.*
               from unnest($1::text[]) as person (id)
               cross join lateral (select ${rows.evidenceColumns}
                 from identity.identifiers i
                 join identity.evidence e on e.low_key = i.key
                 join identity.identifiers other on other.key = e.high_key
                 where i.person_id = person.id and other.person_id = person.id limit $2) e`,
      },
      [personIds, edgesMax],
    );
    return rows.grouped(found, (row) => row.asked as string, rows.toEvidence);
  }

  devices(personIds: readonly string[], limit: number): Promise<Map<string, DeviceUse[]>> {
    return devicesOfPersons(this.database, personIds, limit);
  }

  async accounts(ids: readonly string[]): Promise<Map<string, AccountState>> {
    const found = await this.database.query(
      `select ${rows.accountColumns} from identity.accounts a where a.id = any($1::text[])`,
      [ids],
    );
    return new Map(found.map((row) => [row.id as string, rows.toAccount(row)]));
  }

  async identifiersByKey(keys: readonly string[]): Promise<Map<string, KnownIdentifier>> {
    const found = await identifiersByKey(this.database, keys);
    return new Map(found.map((identifier) => [identifier.key, identifier]));
  }

  async sheetsOf(keys: readonly string[]): Promise<Map<string, FactSheet[]>> {
    const found = await this.database.query(
      {
        name: "identity-read-sheets",
        text: `select f.* from unnest($1::text[]) as k (key) cross join lateral (
                 select key, source, facts from identity.fact_sheets
                 where key = k.key offset 0) as f`,
      },
      [keys],
    );
    return rows.grouped(found, (row) => row.key as string, rows.toSheet);
  }

  listPersons(listing: PersonListing, page: Page): Promise<PersonRow[]> {
    return listPersons(this.database, listing, page);
  }

  listAudit(listing: AuditListing, page: Page): Promise<{ entry: AuditEntry; sortKey: string }[]> {
    return listAudit(this.database, listing, page);
  }

  async auditEntries(ids: readonly string[]): Promise<Map<string, AuditEntry>> {
    const found = await this.database.query(
      "select body, reverted_by from identity.audit_entries where id = any($1::text[])",
      [ids],
    );
    const entries = found.map(rows.toAuditEntry);
    return new Map(entries.map((entry) => [entry.id, entry]));
  }

  async decisionsOn(keys: readonly string[]): Promise<{ decision: Decision; inForce: boolean }[]> {
    const found = await this.database.query(
      `select ${rows.decisionColumns}, d.in_force from identity.decisions d
       where d.id = any(array(select m.decision_id from identity.decision_members m
                              where m.key = any($1::text[])))`,
      [keys],
    );
    return found.map((row) => ({
      decision: rows.toDecision(row),
      inForce: row.in_force as boolean,
    }));
  }

  components(seedKeys: readonly string[], edgesMax: number): Promise<GraphComponent | null> {
    return loadComponents(this.database, seedKeys, edgesMax);
  }
}
