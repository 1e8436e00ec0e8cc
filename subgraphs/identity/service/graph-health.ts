import { newId } from "../../../kernel/ids/new-id.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import type { CensusTaker, GraphCensus } from "../store/graph-census.ts";

/** Upper bounds of the classes of persons by size; above the last: `atMost` null. */
const sizeClasses = [1, 2, 5, 10, 20, 50, 100, 500, 1_000] as const;
/** Merges and splits a day are averages over so many days. */
export const averagedDays = 30;
const keptMs = 60_000;
const dayMs = 24 * 60 * 60_000;

export interface GraphHealth {
  persons: number;
  identifiers: number;
  componentSizes: { atMost: number | null; count: number }[];
  mergesPerDay: number;
  splitsPerDay: number;
  coverage: { namespace: string; share: number }[];
}

/** How the graph is doing; counted at most once a minute. */
export class GraphHealthDesk {
  private readonly taker: CensusTaker;
  private readonly clock: Clock;
  private kept: { at: number; health: Promise<GraphHealth> } | null = null;

  constructor(taker: CensusTaker, clock: Clock) {
    this.taker = taker;
    this.clock = clock;
  }

  health(): Promise<GraphHealth> {
    const now = this.clock.now().getTime();
    if (this.kept && now - this.kept.at < keptMs) return this.kept.health;
    const health = this.taker
      .census(newId("change", now - averagedDays * dayMs).slice(0, "change_".length + 10))
      .then(healthOf);
    // A census that failed is not kept.
    health.catch(() => {
      this.kept = null;
    });
    this.kept = { at: now, health };
    return health;
  }
}

/** What a census says. Pure. */
export function healthOf(census: GraphCensus): GraphHealth {
  const { persons, identifiers, sizes, covered, merges, splits } = census;
  const classes = [...sizeClasses, null];
  const componentSizes = classes.map((atMost, place) => {
    const above = place === 0 ? 0 : sizeClasses[place - 1]!;
    const within = sizes.filter(({ size }) => size > above && (atMost === null || size <= atMost));
    return { atMost, count: within.reduce((sum, { count }) => sum + count, 0) };
  });
  return {
    persons,
    identifiers,
    componentSizes,
    mergesPerDay: merges / averagedDays,
    splitsPerDay: splits / averagedDays,
    coverage: covered.map((one) => ({
      namespace: one.namespace,
      share: persons === 0 ? 0 : one.persons / persons,
    })),
  };
}
