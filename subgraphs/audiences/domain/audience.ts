import type { AudienceRule } from "./audience-rule.ts";
import type { VersionState } from "./version-state.ts";

export interface AudienceVersion {
  /** 1, 2, 3 … within the audience. */
  number: number;
  state: VersionState;
  rule: AudienceRule;
  createdAt: Date;
  activatedAt: Date | null;
  retiredAt: Date | null;
}

/** A named, owned condition over persons, with its versions, oldest first. */
export interface Audience {
  /** Internal, never shown. */
  id: number;
  name: string;
  title: string;
  description: string | null;
  owner: string;
  /** Name of the consent purpose it serves. */
  purpose: string | null;
  createdAt: Date;
  memberCount: number;
  versions: AudienceVersion[];
}

export const audienceLimits = {
  audiencesMax: 1_000,
  versionsMax: 200,
  nameLengthMax: 100,
  titleLengthMax: 200,
  descriptionLengthMax: 2_000,
} as const;

/** The version that decides; while the first one is still being counted, that one. */
export function activeVersionOf(audience: Audience): AudienceVersion | null {
  const inState = (state: VersionState) =>
    audience.versions.find((version) => version.state === state);
  return inState("ACTIVE") ?? inState("ACTIVATING") ?? null;
}
