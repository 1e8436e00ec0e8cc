import type { Migration } from "../../../kernel/database/database.ts";
import {
  personIndexMigration,
  personsFirstMigration,
} from "../../../kernel/persons/person-index.ts";
import { erasureMigration } from "./migrations-erasure.ts";

/** Accepted events themselves stand in the stream `events` of the kernel. */
export const eventsMigrations: Migration[] = [
  personIndexMigration("events"),
  {
    name: "0001-events",
    sql: `
      create schema if not exists events;
      create table events.sources (
        name text primary key,
        title text not null,
        kind text not null,
        created_at timestamptz not null,
        disabled_at timestamptz,
        accepted bigint not null default 0,
        duplicates bigint not null default 0,
        quarantined bigint not null default 0,
        rejected bigint not null default 0,
        last_event_at timestamptz
      ) with (fillfactor = 50);
      create table events.write_keys (
        hash text primary key,
        source text not null references events.sources (name),
        prefix text not null,
        created_at timestamptz not null,
        revoked_at timestamptz
      );
      create index write_keys_source on events.write_keys (source);
      create table events.contracts (
        event text not null,
        version int not null,
        family text not null,
        owner text not null,
        drives text not null,
        justification text,
        schema text not null,
        state text not null,
        created_at timestamptz not null,
        primary key (event, version)
      );
      create table events.quarantine (
        place bigint generated always as identity primary key,
        key text not null unique,
        message_id text not null,
        source text not null,
        type text not null,
        event text,
        contract_version int,
        received_at timestamptz not null,
        violations text not null,
        payload text not null,
        state text not null default 'WAITING',
        settled_at timestamptz,
        reason text
      );
      create index quarantine_waiting on events.quarantine (place desc) where state = 'WAITING';
      create table events.timeline (
        subject_key text not null,
        occurred_at timestamptz not null,
        position bigint not null,
        type text not null,
        name text,
        source text not null,
        primary key (subject_key, occurred_at, position)
      );`,
  },
  erasureMigration,
  personsFirstMigration("events", { findsPersons: false }),
  {
    name: "0014-timeline-position",
    // Rows come nearly in order of position: a few bytes a page find those that retention has outlived.
    sql: "create index timeline_position on events.timeline using brin (position)",
  },
  {
    name: "0015-mended",
    sql: `
      create index quarantine_waiting_source on events.quarantine (source)
        where settled_at is null;
      update events.quarantine waiting set state = 'MENDED', settled_at = accepted.at
      from streams.events accepted
      where accepted.key = waiting.key and waiting.state = 'WAITING';`,
  },
];
