import type { Migration } from "../../../kernel/database/database.ts";

/**
 * `secrets` has the key of the hashes, made where it is kept: without it a tombstone says nothing.
 * `work` of an erasure names whom it is about while it runs, and is emptied when it is done.
 */
export const erasureMigrations: Migration[] = [
  {
    name: "0013-erasure",
    sql: `
      create table identity.secrets (name text primary key, value text not null);
      insert into identity.secrets values
        ('tombstones', gen_random_uuid()::text || gen_random_uuid()::text);
      create table identity.tombstones (
        hash text collate "C" primary key,
        erased_at text collate "C" not null
      );
      alter table identity.writer add column erased_at text collate "C";
      create table identity.erasures (
        id text collate "C" primary key,
        state text not null,
        reason text not null,
        actor text not null,
        person_id text,
        created_at text not null,
        finished_at text,
        stores text not null,
        work text,
        lease_until timestamptz,
        attempts integer not null default 0
      );
      create index erasures_open on identity.erasures (id) where finished_at is null;`,
  },
  {
    name: "0013b-disclosures",
    sql: `
      create table identity.disclosures (
        id text collate "C" primary key,
        person_id text collate "C" not null,
        actor text not null,
        at text collate "C" not null
      );
      create index disclosures_person_id on identity.disclosures (person_id);`,
  },
];
