import type { Migration } from "../../../kernel/database/database.ts";
import { erasureMigrations } from "./migrations-erasure.ts";
import { organisationMigrations } from "./migrations-organisations.ts";
import { policyMigrations } from "./migrations-policy.ts";
import { recordMigrations } from "./migrations-records.ts";
import { reviewMigrations } from "./migrations-review.ts";

/**
 * Instants are ISO 8601 texts in UTC, as the domain compares them; JSON is text that we parse. Rows
 * that are touched often have room on their page, so that an update stays there (HOT).
 */
export const identityMigrations: Migration[] = [
  {
    name: "0001-identity-graph",
    sql: `
      create schema if not exists identity;
      create table identity.persons (
        id text collate "C" primary key,
        created_at text collate "C" not null,
        merged_into text collate "C",
        size integer not null,
        known boolean not null,
        tally text not null,
        last_rank text not null,
        conflicted boolean not null,
        decided boolean not null,
        record text not null
      ) with (fillfactor = 70);
      create index persons_merged_into on identity.persons (merged_into)
        where merged_into is not null;
      create table identity.identifiers (
        key text collate "C" primary key,
        namespace text not null,
        value text not null,
        kind text not null,
        person_id text collate "C",
        origin_id text collate "C",
        first_seen_at text collate "C" not null,
        last_seen_at text collate "C" not null,
        sources text not null,
        seen boolean not null,
        claims integer not null,
        generic boolean not null
      ) with (fillfactor = 80);
      create index identifiers_person_id on identity.identifiers (person_id);
      create table identity.evidence (
        low_key text collate "C" not null,
        high_key text collate "C" not null,
        rule text not null,
        method text not null,
        confidence double precision not null,
        first_seen_at text collate "C" not null,
        last_seen_at text collate "C" not null,
        count integer not null,
        sources text not null,
        messages text not null,
        last_position bigint not null,
        primary key (low_key, high_key, rule)
      ) with (fillfactor = 80);
      create index evidence_high_key on identity.evidence (high_key);
      create table identity.fact_sheets (
        key text collate "C" not null,
        source text not null,
        facts text not null,
        primary key (key, source)
      ) with (fillfactor = 70);
      create table identity.accounts (
        id text primary key,
        group_id text not null unique,
        traits text not null,
        created_at text not null
      );
      create table identity.account_memberships (
        key text collate "C" not null,
        account_id text not null,
        role text,
        source text not null,
        first_seen_at text not null,
        last_seen_at text not null,
        primary key (key, account_id)
      );
      create table identity.decisions (
        id text primary key,
        kind text not null,
        left_keys text[] not null,
        right_keys text[] not null,
        made_at text not null,
        actor text not null,
        reason text not null,
        in_force boolean not null
      );
      create table identity.decision_members (
        key text collate "C" not null,
        decision_id text not null references identity.decisions (id),
        primary key (key, decision_id)
      );
      create table identity.audit_entries (
        position bigint generated always as identity primary key,
        id text not null unique,
        kind text not null,
        person_id text collate "C" not null,
        reverted_by text,
        body text not null
      );
      create index audit_entries_person_id on identity.audit_entries (person_id, position);
      create table identity.audit_others (
        person_id text collate "C" not null,
        audit_id text not null,
        primary key (person_id, audit_id)
      );`,
  },
  {
    name: "0002-identity-writer",
    sql: `
      create table identity.writer (revision bigint not null) with (fillfactor = 10);
      insert into identity.writer values (0);`,
  },
  ...recordMigrations,
  ...policyMigrations,
  ...reviewMigrations,
  ...erasureMigrations,
  ...organisationMigrations,
  {
    name: "0017-what-a-unit-leaves",
    sql: `
      alter table identity.writer
        add column version text not null default '',
        add column version_before text not null default '';`,
  },
];
