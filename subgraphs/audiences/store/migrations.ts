import type { Migration } from "../../../kernel/database/database.ts";
import {
  personIndexMigration,
  personsFirstMigration,
} from "../../../kernel/persons/person-index.ts";

/**
 * `person_id` columns are collated "C": pages of persons are compared in SQL and in JavaScript
 * alike. Instants that rules compare are epoch milliseconds: exact, and cheap to read by the
 * hundred thousand.
 */
const tables = `
create table audiences.writer (
  only_one boolean primary key default true check (only_one),
  revision bigint not null
);
insert into audiences.writer (revision) values (1);

create table audiences.audiences (
  id integer generated always as identity primary key,
  name text collate "C" not null unique,
  title text not null,
  description text,
  owner text not null,
  purpose text,
  created_at timestamptz not null,
  member_count bigint not null default 0
);

create table audiences.versions (
  audience_id integer not null references audiences.audiences (id),
  number integer not null,
  state text not null,
  format integer not null,
  rule text not null,
  created_at timestamptz not null,
  activated_at timestamptz,
  retired_at timestamptz,
  primary key (audience_id, number)
);

create table audiences.activations (
  audience_id integer primary key references audiences.audiences (id),
  version integer,
  after_person text collate "C" not null default '',
  started_at timestamptz not null
);

create table audiences.persons (
  person_id text collate "C" primary key,
  traits text not null,
  identity_change_id text
);

create table audiences.event_facts (
  subject_key text collate "C" not null,
  fact_name text collate "C" not null,
  at_ms bigint not null,
  position bigint not null,
  properties text not null,
  primary key (subject_key, fact_name, at_ms, position)
);

create table audiences.memberships (
  person_id text collate "C" not null,
  audience_id integer not null,
  version integer not null,
  is_member boolean not null,
  entered_at timestamptz,
  exited_at timestamptz,
  due_at_ms bigint,
  primary key (person_id, audience_id)
);
create index memberships_members on audiences.memberships (audience_id, person_id) where is_member;
create index memberships_due on audiences.memberships (due_at_ms) where due_at_ms is not null;
`;

export const migrations: Migration[] = [
  personIndexMigration("audiences"),
  { name: "0002-audiences", sql: tables },
  { name: "0003-writer-holder", sql: "alter table audiences.writer add column holder text" },
  personsFirstMigration("audiences", { findsPersons: false }),
  {
    name: "0005-taken-until",
    sql: "alter table audiences.writer add column taken_until bigint not null default 0",
  },
];
