import type { Migration } from "../../kernel/database/database.ts";

export const migrations: Migration[] = [
  {
    name: "0001-api-keys",
    sql: `
      create schema if not exists gateway;
      create table gateway.api_keys (
        id text primary key,
        name text not null,
        prefix text not null,
        secret_hash text not null unique,
        scopes text[] not null,
        is_root boolean not null default false,
        created_at timestamptz not null,
        revoked_at timestamptz
      );
    `,
  },
];
