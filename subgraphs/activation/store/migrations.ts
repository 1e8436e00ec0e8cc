import type { Migration } from "../../../kernel/database/database.ts";

/**
 * `due_at` is the one switch of the lanes: null means nothing is to be done (settled, withheld,
 * parked by a paused sync). Taking a delivery for sending changes no indexed column (`lease_until`,
 * not `due_at`; `is_stuck`, not `status`, in the index), so that it costs no index entries; the
 * fill factor leaves room on the page for it.
 */
export const activationMigrations: Migration[] = [
  {
    name: "0001-first",
    sql: `
create schema if not exists activation;

create table activation.destinations (
  name text primary key,
  kind text not null,
  settings text not null,
  secrets text not null,
  state text not null,
  state_reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table activation.syncs (
  name text primary key,
  destination text not null references activation.destinations (name),
  audience text,
  purpose text not null,
  channel text not null,
  identifiers text not null,
  traits text not null,
  state text not null,
  created_at timestamptz not null,
  sweep_after text
);
create index syncs_destination on activation.syncs (destination);

create table activation.members (
  audience text not null,
  person_id text not null,
  version int not null,
  entered_at timestamptz not null,
  cause text not null,
  primary key (audience, person_id)
);

create table activation.tellings (
  sync text not null,
  person_id text not null,
  told boolean not null default false,
  refused boolean not null default false,
  open_id text,
  again text,
  primary key (sync, person_id)
) with (fillfactor = 70);

create table activation.deliveries (
  id text primary key,
  destination text not null,
  sync text not null,
  audience text,
  person_id text not null,
  kind text not null,
  status text not null,
  is_stuck boolean not null default false,
  due_at timestamptz,
  lease_until timestamptz,
  claim int not null default 0,
  touched boolean not null default false,
  tries int not null default 0,
  attempt_count int not null default 0,
  attempts text,
  cause text not null,
  decision text,
  held text,
  note text,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 60);
create index deliveries_due on activation.deliveries (destination, due_at, id)
  where due_at is not null;
create index deliveries_exits on activation.deliveries (destination, due_at, id)
  where due_at is not null and kind = 'EXITED';
create index deliveries_person on activation.deliveries (person_id, id);
create index deliveries_stuck on activation.deliveries (destination, id)
  where is_stuck;

create table activation.checks (
  sync text not null,
  person_id text not null,
  due_at timestamptz not null,
  number int not null,
  primary key (sync, person_id)
);
create index checks_due on activation.checks (due_at);

create table activation.redirects (
  old_id text primary key,
  current_id text not null
);
create index redirects_current on activation.redirects (current_id);

create table activation.replays (
  id text primary key,
  reason text not null,
  filter text not null,
  actor text not null,
  matched int not null,
  queued int not null,
  created_at timestamptz not null
);
`,
  },
  {
    name: "0002-why-consent-is-asked",
    sql: "alter table activation.checks add column cause text",
  },
  {
    name: "0003-deletion",
    sql: `
alter table activation.destinations add column deleted_at timestamptz;
alter table activation.syncs add column deleted_at timestamptz;
`,
  },
  {
    name: "0004-entries-outlive-the-ledger",
    sql: "alter table activation.tellings add column entry_decision text",
  },
];
