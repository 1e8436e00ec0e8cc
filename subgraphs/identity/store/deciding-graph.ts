import type { IdentityGraph } from "./identity-store.ts";

/** What decisions by hand need of the graph: so they can be rehearsed as well as made. */
export type DecidingGraph = Pick<
  IdentityGraph,
  | "loadComponents"
  | "identifiersOfPersons"
  | "resolvePersonIds"
  | "save"
  | "saveDecision"
  | "setDecisionInForce"
  | "auditEntry"
  | "listAudit"
  | "markReverted"
  | "noteForReview"
  | "announce"
>;
