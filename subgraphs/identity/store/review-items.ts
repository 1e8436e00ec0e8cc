import type { Database, Session } from "../../../kernel/database/database.ts";
import type { NewReviewItem, ReviewItem } from "../domain/review-item.ts";
import type { ReviewNote, ReviewPair } from "../domain/review-note.ts";
import { putReviewItems } from "./put-review-items.ts";
import { applyReviewNote } from "./review-notes.ts";
import { reviewColumns, toReviewItem } from "./review-rows.ts";

/** Items that ask about the same two persons and are answered by one word. */
const fellowsMax = 500;

/** What waits for a human's eye. In PostgreSQL in both layouts. */
export class ReviewItems {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  /**
   * Puts items before the reviewers. Idempotent on cause and sides: one that is known is brought up
   * to date, one that was closed is open again, a verdict stands.
   */
  async put(items: readonly NewReviewItem[], session: Session = this.database): Promise<void> {
    await putReviewItems(session, items);
  }

  /** Closes open items whose reason has gone: those of a cause on the pairs. */
  async close(
    cause: NewReviewItem["cause"],
    pairs: readonly ReviewPair[],
    session: Session = this.database,
  ): Promise<void> {
    if (pairs.length === 0) return;
    await session.query(
      `update identity.review_items i set state = 'CLOSED', closed_because = 'GONE'
       from unnest($2::text[], $3::text[]) as gone (low_key, high_key)
       where i.low_key = gone.low_key and i.high_key = gone.high_key
         and i.cause = $1 and i.state = 'OPEN'`,
      [cause, pairs.map(({ low }) => low), pairs.map(({ high }) => high)],
    );
  }

  async find(id: string): Promise<ReviewItem | null> {
    const [row] = await this.database.query(
      `select ${reviewColumns} from identity.review_items i where i.id = $1`,
      [id],
    );
    return row ? toReviewItem(row) : null;
  }

  /** Open items about the same two persons, itself first; a sample stands for itself. */
  async fellows(item: ReviewItem): Promise<ReviewItem[]> {
    if (item.cause === "SAMPLE") return [item];
    const rows = await this.database.query(
      `select ${reviewColumns} from identity.review_items i
       where i.pair = (select pair from identity.review_items where id = $1)
         and i.state = 'OPEN' and i.cause <> 'SAMPLE' and i.id <> $1
       order by i.id limit ${fellowsMax}`,
      [item.id],
    );
    return [item, ...rows.map(toReviewItem)];
  }

  /**
   * Takes open items for the time of a verdict, so that two reviewers cannot decide them at once;
   * false when somebody else has one or one is open no more. To be released either way.
   */
  async claim(ids: readonly string[], by: string, now: Date, claimMs: number): Promise<boolean> {
    const until = new Date(now.getTime() + claimMs).toISOString();
    const claimed = await this.database.query(
      `update identity.review_items set claimed_by = $2, claimed_until = $3
       where id in (select id from identity.review_items where id = any($1::text[])
                    order by id for update)
         and state = 'OPEN' and (claimed_by is null or claimed_until < $4)
       returning id`,
      [ids, by, until, now.toISOString()],
    );
    return claimed.length === ids.length;
  }

  async release(ids: readonly string[], by: string): Promise<void> {
    await this.database.query(
      `update identity.review_items set claimed_by = null
       where id = any($1::text[]) and claimed_by = $2`,
      [ids, by],
    );
  }

  /** To be looked at later: stays open, and goes behind what is due before. */
  async defer(
    ids: readonly string[],
    by: { decidedBy: string; decidedAt: string; reason: string; until: string | null },
  ): Promise<void> {
    await this.database.query(
      `update identity.review_items set verdict = 'DEFER', decided_by = $2, decided_at = $3,
         reason = $4, deferred_until = $5, due_at = coalesce($5, $3)
       where id = any($1::text[]) and state = 'OPEN'`,
      [ids, by.decidedBy, by.decidedAt, by.reason, by.until],
    );
  }

  async assign(ids: readonly string[], assignee: string | null): Promise<void> {
    await this.database.query(
      "update identity.review_items set assignee = $2 where id = any($1::text[])",
      [ids, assignee],
    );
  }

  /** Brings the queue up to date, outside of any unit of work. */
  apply(note: ReviewNote): Promise<void> {
    return this.database.transaction((tx) => applyReviewNote(tx, note));
  }

  /** Forgets everything about identifiers that were erased. */
  async forget(keys: readonly string[], session: Session = this.database): Promise<void> {
    await session.query(
      `delete from identity.review_items
       where low_key = any($1::text[]) or high_key = any($1::text[])`,
      [keys],
    );
  }
}
