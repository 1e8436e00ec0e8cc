import { type ShareEstimate, wilsonInterval } from "../domain/wilson-interval.ts";
import type { ReviewListing } from "../store/review-listing.ts";

/** How the review stands, for whoever watches over identity. */
export class ReviewHealth {
  private readonly listing: ReviewListing;

  constructor(listing: ReviewListing) {
    this.listing = listing;
  }

  /** When the oldest open item came in; null: none waits. */
  async oldestAt(): Promise<Date | null> {
    const at = await this.listing.oldestAt();
    return at === null ? null : new Date(at);
  }

  /**
   * Share of the matches made by the model that are wrong, told from those that were drawn by lot
   * and looked at. Null: none was looked at yet.
   */
  async falseMergeEstimate(): Promise<ShareEstimate | null> {
    const { approved, rejected } = await this.listing.sampleVerdicts();
    return wilsonInterval(rejected, approved + rejected);
  }
}
