import type { Migration } from "../../../kernel/database/database.ts";
import {
  personIndexMigration,
  personsFirstMigration,
} from "../../../kernel/persons/person-index.ts";

/** The tables of experiments, in the schema `experiments`. */
export const experimentsMigrations: Migration[] = [
  personIndexMigration("experiments"),
  {
    name: "0001-experiments",
    sql: `
      create table experiments.experiments (
        name text primary key,
        title text,
        unit text not null,
        audience text,
        variations text not null,
        seed text not null,
        hash_version int not null,
        state text not null,
        created_at timestamptz not null,
        started_at timestamptz,
        stopped_at timestamptz
      );

      -- Who is in which audience, as far as stream memberships has been read.
      create table experiments.members (
        audience text not null,
        person_id text not null,
        primary key (audience, person_id)
      );
      create index members_by_person on experiments.members (person_id);

      -- Given once, never changed.
      create table experiments.assignments (
        subject_key text not null,
        experiment text not null references experiments.experiments (name),
        variation text not null,
        assigned_at timestamptz not null,
        primary key (subject_key, experiment)
      );
      create index assignments_by_experiment on experiments.assignments (experiment);

      create table experiments.exposures (
        subject_key text not null,
        experiment text not null references experiments.experiments (name),
        variation text not null,
        first_at timestamptz not null,
        primary key (subject_key, experiment, variation)
      );
      create index exposures_by_experiment on experiments.exposures (experiment);
    `,
  },
  personsFirstMigration("experiments", { findsPersons: true }),
  {
    name: "0002-whose-assignment",
    sql: "alter table experiments.assignments add column person_id text",
  },
];
