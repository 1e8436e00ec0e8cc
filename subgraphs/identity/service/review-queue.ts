import { emptyReviewNote } from "../domain/review-note.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { ReviewItems } from "../store/review-items.ts";
import type {
  ReviewListing,
  ReviewListingFilter,
  ReviewQuestion,
} from "../store/review-listing.ts";

/** What waits for reviewers. */
export class ReviewQueue {
  private readonly listing: ReviewListing;
  private readonly items: ReviewItems;
  private readonly reader: IdentityReader;

  constructor(listing: ReviewListing, items: ReviewItems, reader: IdentityReader) {
    this.listing = listing;
    this.items = items;
    this.reader = reader;
  }

  /**
   * A page of questions. The persons beside an item may be those of a moment ago, where the graph
   * has an engine of its own: what a reader finds out of date is put right before it is shown.
   */
  async page(
    filter: ReviewListingFilter,
    page: { limit: number; after: readonly [string, string] | null },
  ): Promise<ReviewQuestion[]> {
    const found = await this.listing.page(filter, page);
    return (await this.putRight(found)) ? this.listing.page(filter, page) : found;
  }

  count(filter: ReviewListingFilter): Promise<number> {
    return this.listing.count(filter);
  }

  private async putRight(questions: readonly ReviewQuestion[]): Promise<boolean> {
    const keys = [...new Set(questions.flatMap(({ item }) => item.sides))];
    const persons = new Map<string, string>();
    for (let from = 0; from < keys.length; from += 500) {
      const part = await this.reader.personIdsOf(keys.slice(from, from + 500));
      for (const [key, id] of part) persons.set(key, id);
    }
    const moves = new Map<string, string>();
    for (const { item } of questions) {
      item.sides.forEach((key, side) => {
        const now = persons.get(key);
        if (now !== undefined && now !== item.persons[side]) moves.set(key, now);
      });
    }
    if (moves.size === 0) return false;
    await this.items.apply({
      ...emptyReviewNote,
      moves: [...moves].map(([key, personId]) => ({ key, personId })),
      reopens: false,
    });
    return true;
  }
}
