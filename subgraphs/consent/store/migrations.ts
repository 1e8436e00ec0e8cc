import type { Migration } from "../../../kernel/database/database.ts";
import {
  personIndexMigration,
  personsFirstMigration,
} from "../../../kernel/persons/person-index.ts";
import { erasureMigration } from "./migrations-erasure.ts";

/** The tables of consent, in the schema `consent`. */
export const consentMigrations: Migration[] = [
  personIndexMigration("consent"),
  {
    name: "0001-ledger",
    sql: `
      create table consent.purposes (
        key text primary key,
        name text not null,
        title text not null,
        basis text not null,
        channels text[] not null,
        categories text[] not null,
        created_at timestamptz not null
      );

      -- What was said, for ever (until erased). Channel '' is every channel.
      create table consent.statements (
        id text primary key,
        subject_key text not null,
        purpose_key text not null,
        purpose text not null,
        channel text not null,
        kind text not null,
        method text not null,
        source text,
        stated_at timestamptz not null,
        recorded_at timestamptz not null,
        expires_at timestamptz,
        message_id text,
        actor text
      );
      create index statements_by_subject on consent.statements (subject_key, stated_at, id);
      create unique index statements_once_a_message on consent.statements
        (message_id, source, subject_key, purpose_key, channel) where message_id is not null;

      -- The latest of each kind: most often all that a decision needs. A row of purpose '' and kind
      -- SEE_ALSO says that one of the tables below knows something of the subject too.
      create table consent.standings (
        subject_key text not null,
        purpose_key text not null,
        channel text not null,
        kind text not null,
        by_operator boolean not null,
        stated_at timestamptz not null,
        held_at timestamptz not null,
        expires_at timestamptz,
        message_id text,
        -- That it has run out was announced, or need not be.
        expiry_announced boolean not null default false,
        primary key (subject_key, purpose_key, channel, kind, by_operator)
      );
      create index standings_running_out on consent.standings (expires_at)
        where expires_at is not null and not expiry_announced;

      create table consent.suppressions (
        id text primary key,
        address_hash text not null,
        address_key text,
        channel text not null,
        reason text not null,
        note text,
        created_at timestamptz not null,
        created_by text,
        lifted_at timestamptz,
        lifted_by text
      );
      create unique index suppressions_standing on consent.suppressions
        (address_hash, channel, reason) where lifted_at is null;
      create index suppressions_by_time on consent.suppressions (created_at, id);

      create table consent.signals (
        subject_key text not null,
        kind text not null,
        is_on boolean not null,
        seen_at timestamptz not null,
        primary key (subject_key, kind)
      );

      -- Who changed hands between persons, or spoke before belonging to anybody.
      create table consent.tenures (
        subject_key text not null,
        number bigint generated always as identity,
        from_person_id text,
        to_person_id text not null,
        at timestamptz not null,
        message_id text,
        primary key (subject_key, number)
      );

      create table consent.erasures (
        subject_hash text primary key,
        erased_at timestamptz not null
      );
    `,
  },
  erasureMigration,
  personsFirstMigration("consent", { findsPersons: true }),
];
