import type { Session } from "../../../kernel/database/database.ts";
import { type ConsentFacts, noFacts, type StatementFact } from "../domain/consent-facts.ts";
import { policyWith, purposeKey } from "../domain/consent-policy.ts";
import type { ConsentRequest } from "../domain/consent-request.ts";
import { type Decision, decide } from "../domain/decide.ts";
import { isStorable } from "../domain/preference.ts";
import { type Purpose, ruleOf, statementKeysOf } from "../domain/purpose.ts";
import type { SubjectFacts } from "../store/consent-store.ts";
import type { ConsentContext } from "./consent-context.ts";

/** A use to be judged for one person. */
export interface DecisionRequest extends ConsentRequest {
  personId: string;
}

/** Decides for a set in three statements, whatever its size (at most some hundreds). */
export async function decideConsent(
  context: ConsentContext,
  requests: readonly DecisionRequest[],
  purposes?: Purpose[],
): Promise<Decision[]> {
  const { clock, database, store } = context;
  const defined = purposes ?? (await store.purposes(database));
  const keys = await keysOfPersons(context, database, requests);
  const subjects = [...new Set([...keys.values()].flat().concat(addressesOf(requests)))];
  const found = await store.factsAbout(database, subjects, statementKeys(defined, requests));
  const bySubject = new FactsBySubject(found, defined);
  const policy = policyWith(defined.map(ruleOf));
  const now = clock.now().getTime();
  return requests.map((request) => {
    const identifiers = [...new Set([...(keys.get(request.personId) ?? []), ...request.addresses])];
    return decide(bySubject.of(identifiers), request, policy, now);
  });
}

/** The identifiers of each person asked about; a merged id stands for its survivor. */
async function keysOfPersons(
  context: ConsentContext,
  session: Session,
  requests: readonly DecisionRequest[],
): Promise<Map<string, string[]>> {
  const asked = [...new Set(requests.map((request) => request.personId))].filter(isStorable);
  const survivors = await context.persons.survivors(session, asked);
  const current = (id: string) => survivors.get(id) ?? id;
  const keys = await context.persons.identifiersOf(session, [...new Set(asked.map(current))]);
  return new Map(asked.map((id) => [id, keys.get(current(id)) ?? []]));
}

function addressesOf(requests: readonly DecisionRequest[]): string[] {
  return requests.flatMap((request) => request.addresses);
}

function statementKeys(purposes: Purpose[], requests: readonly DecisionRequest[]): string[] {
  const asked = new Set(
    requests
      .flatMap((request) => [request.purpose, ...request.destination.requires])
      .map(purposeKey),
  );
  const wanted = purposes.filter((purpose) => asked.has(purposeKey(purpose.name)));
  return [...new Set(wanted.flatMap(statementKeysOf))];
}

/** Facts at hand by subject, so that each person's are put together without another look-up. */
class FactsBySubject {
  private readonly statements = new Map<string, StatementFact[]>();
  private readonly rest = new Map<string, SubjectFacts>();

  constructor(found: SubjectFacts, purposes: Purpose[]) {
    const purposesByKey = namesByStatementKey(purposes);
    for (const standing of found.standings) {
      for (const purpose of purposesByKey.get(standing.purpose) ?? []) {
        listIn(this.statements, standing.subject!).push({ ...standing, purpose });
      }
    }
    for (const one of found.tenures) this.restOf(one.subject).tenures.push(one);
    for (const one of found.suppressions) this.restOf(one.address).suppressions.push(one);
    for (const one of found.signals) this.restOf(one.subjectKey).signals.push(one);
    for (const one of found.erasures) this.restOf(one.subjectKey).erasures.push(one);
  }

  of(identifiers: string[]): ConsentFacts {
    const rest = identifiers.flatMap((key) => this.rest.get(key) ?? []);
    const erasures = rest.flatMap((one) => one.erasures).map((one) => one.erasedAt);
    return {
      ...noFacts,
      identifiers,
      statements: identifiers.flatMap((key) => this.statements.get(key) ?? []),
      tenures: rest.flatMap((one) => one.tenures),
      suppressions: rest.flatMap((one) => one.suppressions),
      signals: rest.flatMap((one) => one.signals).map(({ isOn }) => ({ kind: "GPC", isOn })),
      erasedAt: erasures.length === 0 ? null : Math.max(...erasures),
    };
  }

  private restOf(subject: string): SubjectFacts {
    const known = this.rest.get(subject);
    if (known) return known;
    const made = { standings: [], tenures: [], suppressions: [], signals: [], erasures: [] };
    this.rest.set(subject, made);
    return made;
  }
}

/** One category may stand for several purposes. */
function namesByStatementKey(purposes: Purpose[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const purpose of purposes) {
    for (const key of statementKeysOf(purpose)) {
      listIn(names, key).push(purposeKey(purpose.name));
    }
  }
  return names;
}

function listIn<V>(map: Map<string, V[]>, key: string): V[] {
  const known = map.get(key);
  if (known) return known;
  const made: V[] = [];
  map.set(key, made);
  return made;
}
