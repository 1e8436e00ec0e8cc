import type { Migration } from "../../../kernel/database/database.ts";

/**
 * One row a pair of identifiers and cause, with the persons of the day beside them: `pair` gathers
 * the rows that ask the same question.
 */
export const reviewMigrations: Migration[] = [
  {
    name: "0011-review-items",
    sql: `
      create table identity.review_items (
        id text collate "C" primary key,
        cause text not null,
        low_key text collate "C" not null,
        high_key text collate "C" not null,
        low_person text collate "C",
        high_person text collate "C",
        pair text collate "C" generated always as (
          case when low_person < high_person then low_person || ' ' || high_person
               else high_person || ' ' || low_person end) stored,
        probability double precision,
        weights text not null,
        sources text[] not null,
        created_at text collate "C" not null,
        due_at text collate "C" not null,
        assignee text,
        state text not null,
        closed_because text,
        verdict text,
        decided_by text,
        decided_at text collate "C",
        reason text,
        deferred_until text,
        decision_id text,
        claimed_by text,
        claimed_until text collate "C",
        unique (low_key, high_key, cause)
      );
      create index review_items_open on identity.review_items (due_at, id) where state = 'OPEN';
      create index review_items_pair on identity.review_items (pair, cause);
      create index review_items_age on identity.review_items (created_at) where state = 'OPEN';
      create index review_items_high_key on identity.review_items (high_key);
      create index review_items_low_person on identity.review_items (low_person);
      create index review_items_high_person on identity.review_items (high_person);
      create index review_items_decision on identity.review_items (decision_id)
        where decision_id is not null;
      create index review_items_sample on identity.review_items (id) where cause = 'SAMPLE';`,
  },
];
