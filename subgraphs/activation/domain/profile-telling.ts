import type { OpenMessage } from "./membership-telling.ts";

/**
 * A profile changed: OPEN a message; COALESCE into the open one, which nobody has seen and which is
 * rendered only when it is sent; or speak AGAIN once the open one is settled, because a repetition
 * under the same `webhook-id` must not carry the newer state (a receiver may drop it as a
 * duplicate).
 */
export type ProfileStep = "OPEN" | "COALESCE" | "AGAIN";

export const profileTable: Record<OpenMessage, ProfileStep> = {
  NONE: "OPEN",
  WAITING: "COALESCE",
  WITHHELD: "COALESCE",
  SENDING: "AGAIN",
  UNCERTAIN: "AGAIN",
  DEAD: "OPEN",
  DEAD_UNCERTAIN: "OPEN",
};

const wholePersonKinds = new Set(["CREATED", "IDENTIFIERS", "MERGED", "SPLIT"]);

/**
 * Whether a change matters to a sync that names `traits`. Identifiers coming and going always
 * matter; a change of traits alone matters when it touches a named one, or when the sync names
 * none.
 */
export function concernsSync(
  change: { kinds: string[]; traits: Record<string, unknown> },
  traits: readonly string[],
): boolean {
  if (traits.length === 0) return true;
  if (change.kinds.some((kind) => wholePersonKinds.has(kind))) return true;
  return traits.some((name) => Object.hasOwn(change.traits, name));
}
