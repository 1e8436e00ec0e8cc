import type { Tenure } from "../domain/consent-facts.ts";
import { noFacts } from "../domain/consent-facts.ts";
import { policyWith } from "../domain/consent-policy.ts";
import { decide, type Outcome } from "../domain/decide.ts";
import { isStorable } from "../domain/preference.ts";
import { ruleOf } from "../domain/purpose.ts";
import type { RareFacts } from "../store/consent-store.ts";
import type { ConsentContext } from "./consent-context.ts";
import { requestsOf } from "./consent-reader.ts";
import { factsByPerson, statementKeys } from "./decide-consent.ts";

/** What would be decided about a use of somebody who might be. */
export interface HypotheticalDecision {
  purpose: string;
  channel: string | null;
  outcome: Outcome;
}

/**
 * What would be decided if identifiers were grouped otherwise from now on. Statements hang on
 * identifiers, so only the grouping is another one, and since when its subjects are known as one.
 * Writes nothing.
 */
export class HypotheticalConsent {
  private readonly context: ConsentContext;

  constructor(context: ConsentContext) {
    this.context = context;
  }

  /** For each list of identifier keys a decision for each purpose and channel. */
  async of(persons: readonly (readonly string[])[]): Promise<HypotheticalDecision[][]> {
    const { clock, database, store } = this.context;
    const purposes = await store.purposes(database);
    const everything = { personId: "", purposes: null, channel: null };
    const requests = requestsOf(everything, purposes);
    const named = persons.map((keys) => [...new Set(keys)].filter(isStorable));
    // Nobody has these ids: every key is looked up by itself.
    const addresses = named.flatMap((keys, place) =>
      keys.map((address) => ({ personId: String(place), address })),
    );
    const heard = await store.heard(database, [], addresses, statementKeys(purposes, requests));
    const rare = await this.rareFacts(named, heard);
    const identifiers = new Map(named.map((keys, place) => [String(place), keys]));
    const policy = policyWith(purposes.map(ruleOf));
    const now = clock.now().getTime();
    const present = await this.context.persons.personsOf(database, [...new Set(named.flat())]);
    const facts = factsByPerson(heard, { rare, identifiers, purposes });
    return named.map((keys, place) => {
      const own = facts.get(String(place)) ?? noFacts;
      const tenures = [...own.tenures, ...arrivals(keys, present, now)];
      return requests.map((request) => ({
        purpose: request.purpose,
        channel: request.channel,
        outcome: decide({ ...own, tenures }, request, policy, now).outcome,
      }));
    });
  }

  private rareFacts(
    named: readonly (readonly string[])[],
    heard: readonly { subjectKey: string }[],
  ): Promise<RareFacts> {
    const known = new Set(heard.map(({ subjectKey }) => subjectKey));
    const keys = [...new Set(named.flat())].filter((key) => known.has(key));
    return this.context.store.rareFacts(this.context.database, keys);
  }
}

/** Those who are with somebody else today would come to the first one's person now. */
function arrivals(
  keys: readonly string[],
  present: ReadonlyMap<string, string>,
  at: number,
): Tenure[] {
  const toPersonId = keys.map((key) => present.get(key)).find((id) => id !== undefined);
  if (toPersonId === undefined) return [];
  return keys.flatMap((subject) => {
    const fromPersonId = present.get(subject);
    if (fromPersonId === undefined || fromPersonId === toPersonId) return [];
    return [{ subject, fromPersonId, toPersonId, at, messageId: null }];
  });
}
