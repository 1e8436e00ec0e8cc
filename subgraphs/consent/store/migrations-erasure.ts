import type { Migration } from "../../../kernel/database/database.ts";

/**
 * Hashes of addresses are keyed: who reads the table alone cannot try addresses until one fits. What
 * was hashed without the key is hashed once more, with it.
 */
export const erasureMigration: Migration = {
  name: "0013-keyed-hashes",
  sql: `
    create table consent.secrets (name text primary key, value text not null);
    insert into consent.secrets values
      ('subjects', gen_random_uuid()::text || gen_random_uuid()::text);
    create function consent.keyed(hash text) returns text language sql stable as $$
      select encode(sha256(convert_to(
        (select value from consent.secrets where name = 'subjects') || hash, 'UTF8')), 'hex')
    $$;
    update consent.suppressions set address_hash = consent.keyed(address_hash);
    update consent.erasures set subject_hash = consent.keyed(subject_hash);`,
};
