import { Ctx, Query, Resolver } from "type-graphql";
import { requires } from "../../../kernel/federation/requires.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import type { GraphHealthDesk } from "../service/graph-health.ts";
import type { ReviewHealth } from "../service/review-health.ts";
import { IdentityHealthType } from "./health-types.ts";

/** How the identity graph is doing. */
@Resolver()
export class HealthResolver {
  private readonly graph: GraphHealthDesk;
  private readonly review: ReviewHealth;

  constructor(graph: GraphHealthDesk, review: ReviewHealth) {
    this.graph = graph;
    this.review = review;
  }

  @Query(() => IdentityHealthType, {
    description:
      "The identity graph in numbers. Counts everything, at most once a minute: seconds at a million identifiers.",
  })
  @requires("profiles:read")
  async identityHealth(@Ctx() context: RequestContext): Promise<IdentityHealthType> {
    context.authorise("profiles:read");
    const health = await this.graph.health();
    const reviewOldestAt = await this.review.oldestAt();
    const falseMergeEstimate = await this.review.falseMergeEstimate();
    return { ...health, reviewOldestAt, falseMergeEstimate };
  }
}
