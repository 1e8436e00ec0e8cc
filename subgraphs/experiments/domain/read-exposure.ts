import type { Variation } from "./experiment.ts";

/** The parts of an event that tell of an exposure. */
export interface ExposureCarrier {
  type: string;
  name: string | null;
  properties: Record<string, unknown>;
}

const exposureNames = new Set(["experimentviewed", "viewedexperiment", "experimentexposure"]);
const experimentNames = ["experiment", "experiment_name", "experimentName", "experiment_id"];
const variationNames = ["variation", "variation_name", "variationName", "variation_id"];

/**
 * The exposure an event tells of, in the words of Segment's A/B testing spec and of GrowthBook's
 * SDKs:
 * candidates for the name of the experiment and of the variation, the likeliest first. Null: none.
 */
export function exposureIn(
  event: ExposureCarrier,
): { experiments: string[]; variations: string[] } | null {
  if (event.type !== "TRACK" || event.name === null) return null;
  if (!exposureNames.has(event.name.toLowerCase().replace(/[^a-z]/g, ""))) return null;
  const read = (names: string[]) =>
    names.flatMap((name) => texts(event.properties[name])).slice(0, candidatesMax);
  const experiments = read([...experimentNames, "experimentId"]);
  const variations = read([...variationNames, "variationId"]);
  return experiments.length === 0 ? null : { experiments, variations };
}

const candidatesMax = 10;

function texts(value: unknown): string[] {
  if (typeof value === "number") return [String(value)];
  return typeof value === "string" && value !== "" ? [value] : [];
}

/** The variation meant: by its key, or by its place from 0 as GrowthBook numbers them. */
export function variationNamed(
  variations: readonly Variation[],
  candidates: readonly string[],
): string | null {
  const keys = variations.map((variation) => variation.key);
  const named = candidates.find((candidate) => keys.includes(candidate));
  if (named !== undefined) return named;
  const numbered = candidates.find((candidate) => /^\d{1,2}$/.test(candidate));
  return numbered === undefined ? null : (keys[Number(numbered)] ?? null);
}
