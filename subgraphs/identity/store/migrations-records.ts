import type { Migration } from "../../../kernel/database/database.ts";

/**
 * Records of the sources, and what the matcher knows of them. `state` and `told` say what the graph
 * has still to be told: they are the intent, the graph follows idempotently. `scored_with` and
 * `grouped_with` are versions of the model: behind the active one there is work to do.
 */
export const recordMigrations: Migration[] = [
  {
    name: "0010-records",
    sql: `
      create sequence identity.record_revisions;
      create table identity.records (
        id bigint generated always as identity primary key,
        name text collate "C" not null unique,
        source text not null,
        kind text not null,
        key text not null,
        observed_at text collate "C" not null,
        identifiers text collate "C" not null,
        attributes text collate "C" not null,
        revision bigint not null,
        state text not null,
        tied text not null default '[]',
        hashes bigint[] not null default '{}',
        scored_with integer not null default -1,
        grouped_with integer not null default -1
      ) with (fillfactor = 70);
      create index records_pending on identity.records (id) where state = 'PENDING';
      create index records_scored_with on identity.records (scored_with, id);
      create index records_grouped_with on identity.records (grouped_with, id);
      create table identity.record_keys (
        hash bigint not null,
        record_id bigint not null,
        primary key (hash, record_id)
      );
      create table identity.record_pairs (
        left_id bigint not null,
        right_id bigint not null,
        weight real not null,
        probability double precision not null,
        contradicted boolean not null,
        joins boolean not null default false,
        told boolean not null default true,
        asked boolean not null default false,
        primary key (left_id, right_id)
      );
      create index record_pairs_right_id on identity.record_pairs (right_id);
      create index record_pairs_untold on identity.record_pairs (left_id) where not told;
      create table identity.matching_models (
        version integer primary key,
        state text not null,
        seed bigint not null,
        record_count integer not null,
        requested_by text,
        created_at text not null,
        finished_at text,
        problem text,
        digest text,
        body text
      );`,
  },
  {
    name: "0010-records-told",
    sql: `
      alter table identity.record_pairs
        add column told_probability double precision not null default 0;`,
  },
  {
    name: "0010-records-verdict",
    sql: `
      alter table identity.record_pairs drop column joins,
        add column confidence double precision not null default 0;
      alter table identity.record_pairs rename column told_probability to told_confidence;`,
  },
  {
    name: "0010-records-turn",
    sql: `
      create table identity.matching_turn (holder text, until timestamptz not null);
      insert into identity.matching_turn values (null, now());`,
  },
  {
    // Models of version 1 cannot be read any more: records count as never learned from.
    name: "0016-models-of-version-2",
    sql: `
      update identity.matching_models set state = 'FAILED', record_count = 0, body = null,
        problem = 'It was made by an earlier version of Selfsame; train anew.'
      where state in ('RESCORING', 'ACTIVE') and body::jsonb #>> '{model,version}' <> '2';`,
  },
];
