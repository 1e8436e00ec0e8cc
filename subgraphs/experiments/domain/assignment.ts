import { bucketOf, bucketRanges, chooseVariation } from "./bucketing.ts";
import type { ExperimentPlan } from "./experiment.ts";

/** What a subject was given, once and for ever. Instants are epoch milliseconds. */
export interface Assignment {
  experiment: string;
  /** The identifier it hangs on. */
  subjectKey: string;
  /** Whose the identifier was then; null: not remembered. */
  personId: string | null;
  variation: string;
  assignedAt: number;
}

/** That a subject saw a variation. */
export interface Exposure {
  experiment: string;
  subjectKey: string;
  variation: string;
  firstAt: number;
}

/** What holds for a person, whoever of the person's subjects it came from. */
export interface PersonAssignment {
  experiment: string;
  variation: string;
  assignedAt: number;
  /** First time one of the person's subjects saw the experiment. */
  exposedAt: number | null;
  /** The person was given, or saw, more than one variation: leave it out of an analysis. */
  isContaminated: boolean;
}

/**
 * The variation of a subject: by its hash, so that every SDK that knows the identifier comes to
 * the same.
 * What the hash leaves out by rounding falls to the last variation that has a weight.
 */
export function variationOf(plan: ExperimentPlan, subjectKey: string): string {
  const value = subjectKey.slice(subjectKey.indexOf(":") + 1);
  const bucket = bucketOf(plan.seed, value, plan.hashVersion) ?? 0;
  const weights = plan.variations.map((variation) => variation.weight);
  const chosen = chooseVariation(bucket, bucketRanges(weights.length, 1, weights));
  const index = chosen >= 0 ? chosen : weights.findLastIndex((weight) => weight > 0);
  return plan.variations[index]!.key;
}

/**
 * A person's assignments, by experiment: after a merge the survivor's own one stays, of others the
 * earliest counts, and that there were two is remembered. Nothing is overwritten, so a split gives
 * each side its own again.
 */
export function personAssignments(
  personId: string,
  assignments: readonly Assignment[],
  exposures: readonly Exposure[],
): PersonAssignment[] {
  const byExperiment = Map.groupBy(assignments, (one) => one.experiment);
  return [...byExperiment.values()].map((given) => {
    const first = given.reduce((best, one) => (goesBefore(one, best, personId) ? one : best));
    const seen = exposures.filter((one) => one.experiment === first.experiment);
    const variations = new Set([...given, ...seen].map((one) => one.variation));
    return {
      experiment: first.experiment,
      variation: first.variation,
      assignedAt: first.assignedAt,
      exposedAt: seen.length === 0 ? null : Math.min(...seen.map((one) => one.firstAt)),
      isContaminated: variations.size > 1,
    };
  });
}

function goesBefore(one: Assignment, other: Assignment, personId: string): boolean {
  const isOwn = one.personId === personId;
  if (isOwn !== (other.personId === personId)) return isOwn;
  if (one.assignedAt !== other.assignedAt) return one.assignedAt < other.assignedAt;
  return one.subjectKey < other.subjectKey;
}

/** Weak and short-lived identifiers carry an assignment only when there is nothing better. */
const weakNamespaces = [
  "anonymous_id",
  "google_client_id",
  "cookie_id",
  "ios.idfv",
  "ios.idfa",
  "android.id",
  "android.idfa",
  "ios.push_token",
  "android.push_token",
  "device_id",
  "session_id",
];

/** The identifier of a person on which a new assignment hangs; undefined when there is none. */
export function anchorOf(identifierKeys: readonly string[]): string | undefined {
  const rank = (key: string) => {
    const namespace = key.slice(0, key.indexOf(":"));
    if (namespace === "user_id") return -2;
    return weakNamespaces.indexOf(namespace);
  };
  return [...identifierKeys].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))[0];
}
