import type { Migration } from "../../../kernel/database/database.ts";

/** Accounts know their place and their domains; a membership is what one source says of it. */
export const organisationMigrations: Migration[] = [
  {
    name: "0014-organisations",
    sql: `
      alter table identity.accounts
        add column kind text not null default 'ORGANISATION',
        add column parent_group_id text;
      create index accounts_parent on identity.accounts (parent_group_id)
        where parent_group_id is not null;
      create table identity.account_domains (
        domain text collate "C" not null,
        account_id text collate "C" not null,
        primary key (domain, account_id)
      );
      create index account_domains_account on identity.account_domains (account_id);
      alter table identity.account_memberships add column role_at text collate "C";
      update identity.account_memberships set role_at = last_seen_at where role is not null;
      alter table identity.account_memberships drop constraint account_memberships_pkey;
      alter table identity.account_memberships add primary key (key, account_id, source);
      create index account_memberships_account on identity.account_memberships (account_id, key);`,
  },
];
