/**
 * The life of an audience's version. DRAFT: written down, counts nobody. ACTIVATING: the history
 * that is there is being counted. ACTIVE: decides who is a member. RETIRED: replaced or switched
 * off.
 */
export const versionStates = ["DRAFT", "ACTIVATING", "ACTIVE", "RETIRED"] as const;
export type VersionState = (typeof versionStates)[number];

export type VersionAct = "ACTIVATE" | "COMPLETE" | "REPLACE" | "DEACTIVATE";

/** Total: what each act makes of each state; null: refused. */
export const versionLife: Readonly<
  Record<VersionState, Readonly<Record<VersionAct, VersionState | null>>>
> = {
  DRAFT: { ACTIVATE: "ACTIVATING", COMPLETE: null, REPLACE: null, DEACTIVATE: null },
  ACTIVATING: { ACTIVATE: null, COMPLETE: "ACTIVE", REPLACE: "RETIRED", DEACTIVATE: "RETIRED" },
  ACTIVE: { ACTIVATE: null, COMPLETE: null, REPLACE: "RETIRED", DEACTIVATE: "RETIRED" },
  RETIRED: { ACTIVATE: "ACTIVATING", COMPLETE: null, REPLACE: null, DEACTIVATE: null },
};
