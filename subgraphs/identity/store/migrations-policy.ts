import type { Migration } from "../../../kernel/database/database.ts";

/**
 * The versions of the identity policy, and which one is in force. The writers' row says it for the
 * graph in PostgreSQL; where the graph is in Neo4j its writer's node does.
 */
export const policyMigrations: Migration[] = [
  {
    name: "0012-identity-policies",
    sql: `
      alter table identity.writer
        add column policy_version integer not null default 1,
        add column policy_activation bigint not null default 0;
      create table identity.policies (
        version integer primary key,
        state text not null,
        owner text not null,
        approved_by text,
        base integer,
        body text,
        reason text,
        proposed_at text not null,
        approved_at text,
        activated_at text,
        retired_at text
      );
      insert into identity.policies (version, state, owner, reason, proposed_at, activated_at)
        values (1, 'ACTIVE', 'system', 'What holds from the start',
          '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z');`,
  },
  {
    name: "0012b-policy-marks",
    sql: `
      alter table identity.persons add column policy_version integer not null default 1;
      alter table identity.identifiers add column generic_cause text;`,
  },
  {
    name: "0012c-policy-runs",
    sql: `
      create table identity.policy_runs (
        id text primary key,
        activation bigint not null unique,
        version integer not null references identity.policies (version),
        state text not null,
        actor text not null,
        reason text,
        started_at text not null,
        ended_at text,
        cursor text collate "C" not null default '',
        done bigint not null default 0,
        total bigint not null,
        merges bigint not null default 0,
        splits bigint not null default 0,
        broken bigint not null default 0
      );
      create table identity.policy_simulations (
        id text primary key,
        version integer not null references identity.policies (version),
        against integer not null,
        sample integer,
        actor text not null,
        state text not null,
        started_at text not null,
        ended_at text,
        cursor text collate "C" not null default '',
        body text not null
      );
      create index policy_simulations_running on identity.policy_simulations (started_at)
        where state = 'RUNNING';
      create index persons_unsettled on identity.persons (id)
        where policy_version = 0 and merged_into is null;`,
  },
];
