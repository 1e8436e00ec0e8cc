import type { Tenure } from "./consent-facts.ts";

/** Since when two subjects are known to be one person, and by which event. */
export interface KnownAsOne {
  since: number;
  messageIds: readonly string[];
}

interface Stay {
  personId: string;
  from: number;
  messageId: string | null;
}

const always = Number.NEGATIVE_INFINITY;

/**
 * Tells of any two subjects of one person (tenures of its subjects only) since when they are known
 * to be one: the start of the time
 * they have spent together without a break, whatever the person was called meanwhile. A subject
 * without tenures has been with the person for ever.
 */
export function knownAsOne(tenures: readonly Tenure[]): (a: string, b: string) => KnownAsOne {
  const bySubject = new Map<string, Tenure[]>();
  for (const tenure of tenures) {
    const known = bySubject.get(tenure.subject);
    if (known) known.push(tenure);
    else bySubject.set(tenure.subject, [tenure]);
  }
  const current = bySubject.values().next().value?.at(-1)?.toPersonId ?? "";
  const staysOf = (subject: string) => stays(subject, bySubject.get(subject) ?? [], current);
  return (a, b) => (a === b ? { since: always, messageIds: [] } : together(staysOf(a), staysOf(b)));
}

/** The subject's stays, oldest first; instants never run backwards. */
function stays(subject: string, tenures: readonly Tenure[], current: string): Stay[] {
  const first = tenures[0];
  if (!first) return [{ personId: current, from: always, messageId: null }];
  const nobody = `nobody ${subject}`;
  const found: Stay[] = [{ personId: first.fromPersonId ?? nobody, from: always, messageId: null }];
  for (const tenure of tenures) {
    const from = Math.max(found.at(-1)!.from, tenure.at);
    found.push({ personId: tenure.toPersonId ?? nobody, from, messageId: tenure.messageId });
  }
  return found;
}

/** Walks back from now through the stretches in which both were with the same person. */
function together(left: Stay[], right: Stay[]): KnownAsOne {
  let at: KnownAsOne = { since: Number.POSITIVE_INFINITY, messageIds: [] };
  let l = left.length - 1;
  let r = right.length - 1;
  while (l >= 0 && r >= 0 && left[l]!.personId === right[r]!.personId) {
    const later = left[l]!.from >= right[r]!.from ? left[l]! : right[r]!;
    const messageIds = [left[l]!, right[r]!]
      .filter((stay) => stay.from === later.from && stay.messageId !== null)
      .map((stay) => stay.messageId!);
    at = { since: later.from, messageIds };
    if (left[l]!.from === right[r]!.from) {
      l -= 1;
      r -= 1;
    } else if (later === left[l]) l -= 1;
    else r -= 1;
  }
  return at;
}
