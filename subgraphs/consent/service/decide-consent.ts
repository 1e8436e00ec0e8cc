import { type ConsentFacts, noFacts } from "../domain/consent-facts.ts";
import { policyWith, purposeKey } from "../domain/consent-policy.ts";
import type { ConsentRequest } from "../domain/consent-request.ts";
import { type Decision, decide } from "../domain/decide.ts";
import { isStorable } from "../domain/preference.ts";
import { type Purpose, ruleOf, statementKeysOf } from "../domain/purpose.ts";
import type { Heard, RareFacts } from "../store/consent-store.ts";
import type { ConsentContext } from "./consent-context.ts";

/** A use to be judged for one person. */
export interface DecisionRequest extends ConsentRequest {
  personId: string;
}

/**
 * Decides for a set in two statements, and two more when somebody is suppressed, merged or the
 * like.
 */
export async function decideConsent(
  context: ConsentContext,
  requests: readonly DecisionRequest[],
  purposes: readonly Purpose[],
): Promise<Decision[]> {
  const { clock, database, store } = context;
  const asked = [...new Set(requests.map((request) => request.personId))].filter(isStorable);
  const survivors = await context.persons.survivors(database, asked);
  const current = (id: string) => survivors.get(id) ?? id;
  const addresses = requests
    .filter((request) => survivors.has(request.personId))
    .flatMap(({ personId, addresses: named }) =>
      named.map((address) => ({ personId: current(personId), address })),
    );
  const personIds = [...new Set(survivors.values())];
  const heard = await store.heard(
    database,
    personIds,
    addresses,
    statementKeys(purposes, requests),
  );
  const facts = await putTogether(context, heard, purposes);
  const policy = policyWith(purposes.map(ruleOf));
  const now = clock.now().getTime();
  return requests.map((request) =>
    decide(facts.get(current(request.personId)) ?? noFacts, request, policy, now),
  );
}

/** The keys under which statements about the purposes asked for are kept. */
export function statementKeys(
  purposes: readonly Purpose[],
  requests: readonly ConsentRequest[],
): string[] {
  const named = requests.flatMap(({ purpose, destination }) => [purpose, ...destination.requires]);
  const asked = new Set(named.map(purposeKey));
  const wanted = purposes.filter((purpose) => asked.has(purposeKey(purpose.name)));
  return [...new Set(wanted.flatMap(statementKeysOf))];
}

/** The facts of each person of whom anything was heard. */
async function putTogether(
  { database, persons, store }: ConsentContext,
  heard: readonly Heard[],
  purposes: readonly Purpose[],
): Promise<Map<string, ConsentFacts>> {
  const more = heard.filter((one) => one.statement === null);
  const rare = await store.rareFacts(database, [...new Set(more.map((one) => one.subjectKey))]);
  const about = [...new Set(more.map((one) => one.personId))];
  const identifiers = await persons.identifiersOf(database, about);
  return factsByPerson(heard, { rare, identifiers, purposes });
}

/** The statements of each person's subjects, with what else is known of them. */
export function factsByPerson(
  heard: readonly Heard[],
  {
    rare,
    identifiers,
    purposes,
  }: {
    rare: RareFacts;
    identifiers: ReadonlyMap<string, readonly string[]>;
    purposes: readonly Purpose[];
  },
): Map<string, ConsentFacts> {
  const purposesByKey = namesByStatementKey(purposes);
  const facts = new Map<string, ConsentFacts>();
  for (const [personId, entries] of Map.groupBy(heard, (one) => one.personId)) {
    const keys = new Set(entries.map((one) => one.subjectKey));
    const statements = entries.flatMap(({ statement }) =>
      statement === null
        ? []
        : (purposesByKey.get(statement.purpose) ?? []).map((purpose) => ({
            ...statement,
            purpose,
          })),
    );
    facts.set(personId, {
      ...noFacts,
      ...rareFactsOf(keys, rare),
      statements,
      identifiers: [...new Set([...(identifiers.get(personId) ?? []), ...keys])],
    });
  }
  return facts;
}

function rareFactsOf(keys: ReadonlySet<string>, rare: RareFacts): Partial<ConsentFacts> {
  const erasures = rare.erasures.filter((one) => keys.has(one.subjectKey));
  return {
    tenures: rare.tenures.filter((one) => keys.has(one.subject)),
    suppressions: rare.suppressions.filter((one) => keys.has(one.address)),
    signals: rare.signals
      .filter((one) => keys.has(one.subjectKey))
      .map(({ isOn }) => ({ kind: "GPC", isOn })),
    erasedAt: erasures.length === 0 ? null : Math.max(...erasures.map((one) => one.erasedAt)),
  };
}

/** One category may stand for several purposes. */
function namesByStatementKey(purposes: readonly Purpose[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const purpose of purposes) {
    for (const key of statementKeysOf(purpose)) {
      const known = names.get(key);
      if (known) known.push(purposeKey(purpose.name));
      else names.set(key, [purposeKey(purpose.name)]);
    }
  }
  return names;
}
