import type { Observation } from "../domain/observation.ts";
import { withoutErased } from "../domain/without-erased.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import type { Tombstones } from "./tombstones.ts";

/**
 * Keeps the erased away: what is older than an erasure names them no more, whichever way it comes
 * (late, replayed, under way while they were erased). Costs nothing where nobody was erased, and
 * nothing for what is newer than the newest erasure.
 */
export async function siftErased(
  graph: IdentityGraph,
  tombstones: Tombstones,
  observations: readonly Observation[],
): Promise<Observation[]> {
  const { lastErasedAt } = graph.erasing;
  if (lastErasedAt === null) return [...observations];
  const old = observations.filter(({ at }) => at <= lastErasedAt);
  if (old.length === 0) return [...observations];
  const keys = new Set(old.flatMap(({ identifiers }) => identifiers.map(({ key }) => key)));
  const hashes = new Map([...keys].map((key) => [tombstones.hashOf(key), key]));
  const found = await graph.erasing.tombstones([...hashes.keys()]);
  if (found.size === 0) return [...observations];
  const erasedAt = new Map([...found].map(([hash, at]) => [hashes.get(hash)!, at]));
  return observations.map((observation) => withoutErased(observation, erasedAt));
}
