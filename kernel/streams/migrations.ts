import type { Migration } from "../database/database.ts";
import { streamNames } from "./stream.ts";

/** An event is accepted once: its key is unique. On the other streams a key repeats. */
const tables = streamNames.map(
  (name) => `
    create table streams.${name} (
      position bigint generated always as identity primary key,
      at timestamptz not null,
      key text not null ${name === "events" ? "unique" : ""},
      kind text not null,
      payload text not null
    );
    insert into streams.floors (stream, position) values ('${name}', 0);`,
);

export const streamMigrations: Migration[] = [
  {
    name: "0001-streams",
    sql: `
      create schema streams;
      create table streams.floors (stream text primary key, position bigint not null);
      create table streams.cursors (
        consumer text not null, stream text not null, position bigint not null,
        primary key (consumer, stream)
      ) with (fillfactor = 10);
      create table streams.parked (
        consumer text not null, stream text not null, position bigint not null,
        reason text not null, parked_at timestamptz not null,
        primary key (consumer, stream, position)
      );
      ${tables.join("\n")}`,
  },
  {
    name: "0002-parked-numbers",
    sql: `
      alter table streams.parked add column number bigint generated always as identity;
      create unique index parked_number on streams.parked (number);`,
  },
];
