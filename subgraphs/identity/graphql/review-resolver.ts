import { Arg, Ctx, Int, Mutation, Query, Resolver } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { ReviewDesk } from "../service/review-desk.ts";
import type { ReviewQueue } from "../service/review-queue.ts";
import { questionCauses, type ReviewItem, type ReviewVerdict } from "../domain/review-item.ts";
import type { ReviewListing, ReviewListingFilter } from "../store/review-listing.ts";
import type { Profiles } from "../service/profiles.ts";
import { toChangeType } from "./change-types.ts";
import { reasonProblems } from "./reason-problems.ts";
import { AssignReviewInput, ReviewFilter, ReviewMatchInput } from "./review-inputs.ts";
import {
  AssignReviewPayload,
  ReviewItemConnection,
  ReviewMatchPayload,
  toReviewItemType,
} from "./review-types.ts";

/** What waits for a human, and what he says. */
@Resolver()
export class ReviewResolver {
  private readonly desk: ReviewDesk;
  private readonly queue: ReviewQueue;
  private readonly listing: ReviewListing;
  private readonly profiles: Profiles;

  constructor(parts: {
    desk: ReviewDesk;
    queue: ReviewQueue;
    listing: ReviewListing;
    profiles: Profiles;
  }) {
    const { desk, queue, listing, profiles } = parts;
    this.desk = desk;
    this.queue = queue;
    this.listing = listing;
    this.profiles = profiles;
  }

  @Query(() => ReviewItemConnection, {
    description:
      "What waits for a review, first due first. Items of one cause about the same two persons are one. " +
      "Samples come only where their cause is asked for.",
  })
  @requires("profiles:read")
  async reviewQueue(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first?: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string | null,
    @Arg("filter", () => ReviewFilter, { nullable: true, description: "Which items." })
    filter?: ReviewFilter | null,
  ): Promise<ReviewItemConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const place = decodeCursor("reviewQueue", after);
    const wanted = await this.toListingFilter(filter ?? {});
    const questions = await this.queue.page(wanted, {
      limit: size + 1,
      after: place && [String(place[0]), String(place[1] ?? "")],
    });
    const cursorOf = ({ item }: (typeof questions)[number]) =>
      encodeCursor("reviewQueue", [item.dueAt, item.id]);
    const page = toConnection(questions, size, cursorOf, (one) => toReviewItemType(one, context));
    return { ...page, count: () => this.queue.count(wanted) };
  }

  @Mutation(() => ReviewMatchPayload, {
    description:
      "Answers an item. APPROVE and REJECT are decisions that beat rules and models for good.",
  })
  @requires("identity:review", "identity:write")
  async reviewMatch(
    @Arg("input", () => ReviewMatchInput, { description: "The item, the verdict, and why." })
    input: ReviewMatchInput,
    @Ctx() context: RequestContext,
  ): Promise<ReviewMatchPayload> {
    authoriseReviewer(context);
    const reason = input.reason ?? "";
    const wrong = reasonProblems(reason);
    if (wrong.length > 0) return { item: null, change: null, problems: wrong };
    const { item, change, problems } = await this.desk.match(
      {
        item: input.item,
        verdict: input.verdict as ReviewVerdict,
        deferUntil: input.deferUntil ?? null,
      },
      { id: context.principal.id, reason: reason.trim() },
    );
    return {
      item: await this.toItemType(item, context),
      change: change && toChangeType(change, context),
      problems,
    };
  }

  @Mutation(() => AssignReviewPayload, { description: "Says who is to look at an item." })
  @requires("identity:review", "identity:write")
  async assignReview(
    @Arg("input", () => AssignReviewInput, { description: "The item, and who." })
    input: AssignReviewInput,
    @Ctx() context: RequestContext,
  ): Promise<AssignReviewPayload> {
    authoriseReviewer(context);
    const { item, problems } = await this.desk.assign(input.item, input.assignee ?? null);
    return { item: await this.toItemType(item, context), problems };
  }

  private async toItemType(item: ReviewItem | null, context: RequestContext) {
    const [question] = item ? await this.listing.gather([item]) : [];
    return question ? toReviewItemType(question, context) : null;
  }

  private async toListingFilter(filter: ReviewFilter): Promise<ReviewListingFilter> {
    const { person } = filter;
    const found = person ? await this.profiles.reader.persons([person]) : new Map();
    return {
      causes: filter.causes ?? (filter.cause ? [filter.cause] : questionCauses),
      states: filter.states ?? [filter.state ?? "OPEN"],
      assignee: filter.assignee ?? null,
      isUnassigned: filter.unassigned ?? false,
      probabilityFrom: filter.probabilityFrom ?? null,
      probabilityTo: filter.probabilityTo ?? null,
      createdFrom: filter.createdFrom?.toISOString() ?? null,
      createdBefore: filter.createdBefore?.toISOString() ?? null,
      // A merged id finds the survivor's items.
      personId: person ? (found.get(person)?.id ?? person) : null,
      source: filter.source ?? null,
    };
  }
}

function authoriseReviewer(context: RequestContext): void {
  if (!context.may("identity:write")) context.authorise("identity:review");
}
