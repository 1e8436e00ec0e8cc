import type { AcceptedEvent } from "../../../kernel/announcements/accepted-event.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import { channels } from "../../../kernel/federation/channel.ts";
import type { StatementFact, StatementKind } from "../domain/consent-facts.ts";
import { purposeKey } from "../domain/consent-policy.ts";
import { globalPrivacyControlOf, type Preference, preferencesOf } from "../domain/preference.ts";
import { isByOperator, noveltyOf, opposite } from "../domain/standing.ts";
import type { ConsentStore, SeenSignal, Statement } from "../store/consent-store.ts";

const knownChannels: ReadonlySet<string> = new Set(channels);

/** An event whose subject is known. */
export interface ResolvedEvent {
  event: AcceptedEvent;
  subjectKey: string;
  personId: string | null;
}

interface Found {
  resolved: ResolvedEvent;
  preference: Preference;
}

/** Writes down what events say about consent; gives the statements that are new. */
export async function recordPreferences(
  store: ConsentStore,
  transaction: Transaction,
  events: readonly ResolvedEvent[],
  now: number,
): Promise<Statement[]> {
  await store.saveSignals(transaction, events.flatMap(signalOf));
  const found = events.flatMap(preferencesIn);
  if (found.length === 0) return [];
  const keys = found.map(({ resolved, preference }) => ({
    subjectKey: resolved.subjectKey,
    purposeKey: purposeKey(preference.purpose),
  }));
  const distinct = new Map(keys.map((key) => [JSON.stringify(key), key]));
  const known = await store.standings(transaction, [...distinct.values()]);
  const { fresh, held } = sift(found, known, now);
  store.holdStandings(transaction, held);
  return store.addStatements(transaction, fresh);
}

function signalOf({ event, subjectKey }: ResolvedEvent): SeenSignal[] {
  const isOn = globalPrivacyControlOf(event);
  return isOn === null ? [] : [{ subjectKey, isOn, seenAt: Date.parse(event.occurredAt) }];
}

/** One preference a purpose and channel: where an event contradicts itself, the refusal counts. */
function preferencesIn(resolved: ResolvedEvent): Found[] {
  const chosen = new Map<string, Preference>();
  for (const one of preferencesOf(resolved.event)) {
    if (one.channel !== null && !knownChannels.has(one.channel)) continue;
    const key = JSON.stringify([purposeKey(one.purpose), one.channel]);
    if (chosen.get(key)?.kind !== "WITHDRAW") chosen.set(key, one);
  }
  return [...chosen.values()].map((preference) => ({ resolved, preference }));
}

/** Tells new statements from mere repetitions, in the order of the events. */
function sift(
  found: readonly Found[],
  known: readonly StatementFact[],
  now: number,
): { fresh: Statement[]; held: StatementFact[] } {
  const standings = new Map(known.map((fact) => [standingKey(fact), { ...fact }]));
  const fresh: Statement[] = [];
  const held = new Map<string, StatementFact>();
  for (const one of found) {
    const statement = statementOf(one, now);
    const key = keyOfStatement(statement, statement.kind);
    const same = standings.get(key);
    const other = standings.get(keyOfStatement(statement, opposite[statement.kind]));
    const novelty = one.preference.isAct ? "NEW" : noveltyOf(statement.statedAt, same, other);
    if (novelty === "NEW") {
      fresh.push(statement);
      standings.set(key, asStanding(statement, same));
    } else if (novelty === "HELD") {
      same!.heldAt = statement.statedAt;
      held.set(key, same!);
    }
  }
  return { fresh, held: [...held.values()] };
}

function statementOf({ resolved, preference }: Found, now: number): Statement {
  const { event, subjectKey } = resolved;
  return {
    id: newId("statement", now),
    subjectKey,
    purposeKey: purposeKey(preference.purpose),
    purpose: preference.purpose.trim(),
    channel: preference.channel,
    kind: preference.kind,
    method: preference.method,
    byOperator: isByOperator(preference.method),
    source: event.source,
    // Nothing was said after we heard of it, whatever the sender's clock says.
    statedAt: Math.min(Date.parse(event.occurredAt), Date.parse(event.receivedAt)),
    recordedAt: now,
    expiresAt: null,
    messageId: event.messageId,
    actor: null,
  };
}

function asStanding(statement: Statement, before: StatementFact | undefined): StatementFact {
  const statedAt = Math.max(statement.statedAt, before?.statedAt ?? Number.NEGATIVE_INFINITY);
  return {
    subject: statement.subjectKey,
    purpose: statement.purposeKey,
    channel: statement.channel,
    kind: statement.kind,
    statedAt,
    heldAt: Math.max(statedAt, before?.heldAt ?? statedAt),
    byOperator: statement.byOperator,
    expiresAt: null,
    noticeVersion: null,
    isConfirmed: true,
    messageId: statement.messageId,
    band: "HIGH",
  };
}

function standingKey(fact: StatementFact): string {
  return JSON.stringify([fact.subject, fact.purpose, fact.channel, fact.kind, fact.byOperator]);
}

function keyOfStatement(one: Statement, kind: StatementKind): string {
  return JSON.stringify([one.subjectKey, one.purposeKey, one.channel, kind, one.byOperator]);
}
