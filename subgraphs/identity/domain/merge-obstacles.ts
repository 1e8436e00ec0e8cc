import { type Decision, HumanWord } from "./decision.ts";
import { messageOf, type RefusalText } from "./explain.ts";
import { brokenLimit } from "./group.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import { countedValues } from "./limit-window.ts";
import type { KnownIdentifier, PersonState } from "./person-state.ts";

/**
 * What the rules and earlier decisions say against persons being one. A human's merge overrules
 * it; whoever merges should have read it.
 */
export function mergeObstacles(
  persons: readonly PersonState[],
  members: readonly KnownIdentifier[],
  decisions: readonly Decision[],
  index: PolicyIndex,
): RefusalText[] {
  const obstacles: RefusalText[] = [];
  const say = (constraint: string, namespace: string | null) =>
    obstacles.push({ constraint, message: messageOf(constraint, namespace, index) });
  const word = new HumanWord(decisions);
  const keys = new Map(
    [...Map.groupBy(members, ({ personId }) => personId)].map(([id, own]) => [
      id,
      own.map(({ key }) => key),
    ]),
  );
  const sides = persons.map(({ id }) => keys.get(id) ?? []);
  const areApart = sides.some((one, place) =>
    sides.slice(place + 1).some((other) => word.keepsApart(one, other)),
  );
  if (areApart) say("CANNOT_LINK", null);
  const tally = tallyOf(persons, members, index);
  for (const namespace of Object.keys(tally).sort()) {
    const broken = brokenLimit({ [namespace]: tally[namespace]! }, index);
    if (broken) say(broken.constraint, namespace);
  }
  return obstacles;
}

/**
 * Values by limited namespace, over all the persons. Within a window each value counts for itself:
 * persons keep no times.
 */
function tallyOf(
  persons: readonly PersonState[],
  members: readonly KnownIdentifier[],
  { namespaces }: PolicyIndex,
): Record<string, number> {
  const tally: Record<string, number> = {};
  for (const person of persons) {
    for (const [name, count] of Object.entries(person.tally)) {
      tally[name] = (tally[name] ?? 0) + count;
    }
  }
  for (const [name, own] of Map.groupBy(members, ({ namespace }) => namespace)) {
    const policy = namespaces.get(name);
    if (!policy || policy.limitWithin === null) continue;
    const times = own.map(({ firstSeenAt }) => firstSeenAt);
    tally[name] = Math.min(tally[name] ?? 0, countedValues(policy, times));
  }
  return tally;
}
