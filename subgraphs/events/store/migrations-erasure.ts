import type { Migration } from "../../../kernel/database/database.ts";

/** What is left of the erased: keyed hashes of identifiers and of `source/messageId`. */
export const erasureMigration: Migration = {
  name: "0013-erasure",
  sql: `
    create table events.secrets (name text primary key, value text not null);
    insert into events.secrets values
      ('tombstones', gen_random_uuid()::text || gen_random_uuid()::text);
    create table events.tombstones (
      hash text collate "C" primary key,
      erased_at timestamptz not null,
      refused bigint not null default 0
    );`,
};
