import type { Database } from "../../../kernel/database/database.ts";
import type { ReviewCause, ReviewItem, ReviewState } from "../domain/review-item.ts";
import { reviewColumns, toReviewItem } from "./review-rows.ts";

/** Which items; null: any. Instants are ISO 8601. */
export interface ReviewListingFilter {
  causes: readonly ReviewCause[] | null;
  states: readonly ReviewState[];
  assignee: string | null;
  /** True: nobody's. False: any. */
  isUnassigned: boolean;
  probabilityFrom: number | null;
  probabilityTo: number | null;
  createdFrom: string | null;
  createdBefore: string | null;
  personId: string | null;
  source: string | null;
}

/** A question for a reviewer: an item and the others that ask the same. */
export interface ReviewQuestion {
  item: ReviewItem;
  /** All keys of its two sides, in the order of the item's. */
  sides: readonly [readonly string[], readonly string[]];
}

/** Keys that a page of questions may gather. */
const gatheredMax = 5_000;

/**
 * The queue as reviewers see it, by due date and id. Items of one cause about the same two persons
 * are one question; the surest of them stands for all. Samples stand for themselves.
 */
export class ReviewListing {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async page(
    filter: ReviewListingFilter,
    page: { limit: number; after: readonly [string, string] | null },
  ): Promise<ReviewQuestion[]> {
    const { where, values } = conditionOf(filter);
    if (page.after) {
      where.push(
        `(i.due_at, i.id) > ($${values.push(page.after[0])}, $${values.push(page.after[1])})`,
      );
    }
    const rows = await this.database.query(
      `select ${reviewColumns} from identity.review_items i
       where ${where.join(" and ")} order by i.due_at, i.id limit $${values.push(page.limit)}`,
      values,
    );
    return this.gather(rows.map(toReviewItem));
  }

  async count(filter: ReviewListingFilter): Promise<number> {
    const { where, values } = conditionOf(filter);
    const [row] = await this.database.query<{ count: number }>(
      `select count(*)::int as count from identity.review_items i where ${where.join(" and ")}`,
      values,
    );
    return row!.count;
  }

  /** When the oldest open item came in, but for samples; null: none waits. */
  async oldestAt(): Promise<string | null> {
    const [row] = await this.database.query<{ at: string | null }>(
      "select min(created_at) as at from identity.review_items where state = 'OPEN' and cause <> 'SAMPLE'",
    );
    return row!.at;
  }

  /** Verdicts on the matches that were drawn by lot. */
  async sampleVerdicts(): Promise<{ approved: number; rejected: number }> {
    const [row] = await this.database.query<{ approved: number; rejected: number }>(
      `select count(*) filter (where verdict = 'APPROVE')::int as approved,
              count(*) filter (where verdict = 'REJECT')::int as rejected
       from identity.review_items where cause = 'SAMPLE' and state = 'DECIDED'`,
    );
    return row!;
  }

  /** Gathers what asks the same as each item. */
  async gather(items: readonly ReviewItem[]): Promise<ReviewQuestion[]> {
    const rows = await this.database.query<{
      id: string;
      low_key: string;
      high_key: string;
      turned: boolean;
    }>(
      `select i.id, o.low_key, o.high_key, o.low_person = i.high_person as turned
       from identity.review_items i
       join identity.review_items o on o.pair = i.pair and o.cause = i.cause and o.state = i.state
       where i.id = any($1::text[]) and i.cause <> 'SAMPLE' and i.low_person <> i.high_person
       order by i.id, o.low_key, o.high_key limit ${gatheredMax}`,
      [items.map(({ id }) => id)],
    );
    const fellows = Map.groupBy(rows, ({ id }) => id);
    return items.map((item) => {
      const sides = [new Set([item.sides[0]]), new Set([item.sides[1]])] as const;
      for (const { low_key: low, high_key: high, turned } of fellows.get(item.id) ?? []) {
        sides[turned ? 1 : 0].add(low);
        sides[turned ? 0 : 1].add(high);
      }
      return { item, sides: [[...sides[0]].sort(), [...sides[1]].sort()] as const };
    });
  }
}

const standsForOthers = `(i.cause = 'SAMPLE' or i.pair is null or not exists (
  select 1 from identity.review_items o
  where o.pair = i.pair and o.cause = i.cause and o.state = i.state
    and (coalesce(o.probability, 0) > coalesce(i.probability, 0)
      or coalesce(o.probability, 0) = coalesce(i.probability, 0)
        and (o.low_key, o.high_key) < (i.low_key, i.high_key))))`;

function conditionOf(filter: ReviewListingFilter): { where: string[]; values: unknown[] } {
  const values: unknown[] = [];
  const where = [`i.state = any($${values.push(filter.states)}::text[])`, standsForOthers];
  const also = (text: string, value: unknown) => {
    if (value !== null) where.push(text.replaceAll("?", `$${values.push(value)}`));
  };
  also("i.cause = any(?::text[])", filter.causes);
  also("i.assignee = ?", filter.assignee);
  if (filter.isUnassigned) where.push("i.assignee is null");
  also("i.probability >= ?", filter.probabilityFrom);
  also("i.probability <= ?", filter.probabilityTo);
  also("i.created_at >= ?", filter.createdFrom);
  also("i.created_at < ?", filter.createdBefore);
  also("(i.low_person = ? or i.high_person = ?)", filter.personId);
  also("? = any(i.sources)", filter.source);
  return { where, values };
}
