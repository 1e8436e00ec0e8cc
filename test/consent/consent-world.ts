import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";
import {
  identifierKey,
  type IdentityChange,
  type IdentityChangeKind,
  type ResolvedEvents,
} from "../../kernel/announcements/identity-announcements.ts";
import { consentModule } from "../../subgraphs/consent/module.ts";
import { FakeClock, startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";

/** A move written short: `["email:a@x.de", null, "p1"]`. */
export type Move = [key: string, from: string | null, to: string | null];

export const decisions = `query($requests: [ConsentDecisionRequest!]!) {
  consentDecisionsFor(requests: $requests) { personId purpose channel outcome reasons { code message } }
}`;

/** Consent alone, with identity and events played by the test. */
export class ConsentWorld {
  readonly platform: TestPlatform;
  private changes = 0;

  private constructor(platform: TestPlatform) {
    this.platform = platform;
  }

  static async open(at = "2026-06-01T12:00:00Z"): Promise<ConsentWorld> {
    const clock = new FakeClock(at);
    return new ConsentWorld(await startTestPlatform([consentModule], { clock }));
  }

  /** Fails on errors; gives the data. */
  async ask<T>(document: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, errors } = await this.platform.ask<T>("consent", document, variables);
    if (errors?.[0]) throw errors[0];
    return data as T;
  }

  async define(name: string, rest: Record<string, unknown> = {}): Promise<void> {
    const input = { name, title: name, channels: [], ...rest };
    await this.ask(
      "mutation($input: DefinePurposeInput!) { definePurpose(input: $input) { problems { code } } }",
      { input },
    );
  }

  /** Gives the codes of the problems. */
  async record(key: string, rest: Record<string, unknown>): Promise<string[]> {
    const input = { identifier: identifier(key), purpose: "marketing", kind: "GRANT", ...rest };
    const { recordConsent } = await this.ask<{ recordConsent: { problems: { code: string }[] } }>(
      "mutation($input: RecordConsentInput!) { recordConsent(input: $input) { problems { code } } }",
      { input },
    );
    return recordConsent.problems.map((problem) => problem.code);
  }

  /** Identity tells that identifiers changed hands. */
  async change(kind: IdentityChangeKind, at: string, moves: Move[], rest = {}): Promise<void> {
    this.changes += 1;
    const change: IdentityChange = {
      id: `change_${this.changes}`,
      kind,
      occurredAt: at,
      personIds: [...new Set(moves.flatMap(([, from, to]) => [to, from]))].filter(
        (id) => id !== null,
      ),
      moves: moves.map(([key, from, to]) => ({ ...identifier(key), kind: "PERSON", from, to })),
      redirects: [],
      actor: null,
      reason: null,
      reverts: null,
      cause: { messageId: null, eventName: null, rule: null, decision: null },
      ...rest,
    };
    const { database, streams } = this.platform;
    await database.transaction((tx) =>
      streams.append(tx, "identity", [
        { key: change.personIds[0]!, kind: "CHANGE", payload: change },
      ]),
    );
    await this.platform.settle();
  }

  /** Events are accepted, and identity knows whose they are. */
  async events(list: { subject: string; person: string | null; event: Partial<AcceptedEvent> }[]) {
    const { database, streams } = this.platform;
    const before = await streams.head("events");
    await database.transaction((tx) =>
      streams.append(
        tx,
        "events",
        list.map(({ event }) => ({
          key: `web/${newNumber()}`,
          kind: "ACCEPTED",
          payload: { ...plainEvent(), ...event },
        })),
      ),
    );
    const written = await streams.read(database, "events", before, list.length);
    const payload: ResolvedEvents = {
      from: written[0]!.position,
      to: written.at(-1)!.position,
      subjects: written.map(({ position }, index) => ({
        position,
        subjectKey: list[index]!.subject,
        personId: list[index]!.person,
      })),
    };
    await database.transaction((tx) =>
      streams.append(tx, "identity", [{ key: "run", kind: "RESOLVED", payload }]),
    );
    await this.platform.settle();
  }

  /** `ALLOW CONSENT_GRANTED` */
  async decide(personId: string, rest: Record<string, unknown> = {}): Promise<string> {
    const request = { personId, purpose: "marketing", channel: "EMAIL", ...rest };
    const { consentDecisionsFor } = await this.ask<{ consentDecisionsFor: Decided[] }>(decisions, {
      requests: [request],
    });
    const [{ outcome, reasons }] = consentDecisionsFor as [Decided];
    return [outcome, ...reasons.map((reason) => reason.code)].join(" ");
  }

  /** What stream `consent` said after a position. */
  async announced(after = 0): Promise<Record<string, unknown>[]> {
    const entries = await this.platform.streams.read(
      this.platform.database,
      "consent",
      after,
      1_000,
    );
    return entries.map((entry) => entry.payload as Record<string, unknown>);
  }
}

interface Decided {
  outcome: string;
  reasons: { code: string }[];
}

export function identifier(key: string): { namespace: string; value: string } {
  const colon = key.indexOf(":");
  const found = { namespace: key.slice(0, colon), value: key.slice(colon + 1) };
  return identifierKey(found) === key ? found : { namespace: "", value: "" };
}

let numbers = 0;

function newNumber(): number {
  numbers += 1;
  return numbers;
}

function plainEvent(): AcceptedEvent {
  return {
    messageId: `m${newNumber()}`,
    source: "web",
    type: "PAGE",
    name: null,
    occurredAt: "2026-05-01T00:00:00.000Z",
    receivedAt: "2026-05-01T00:00:01.000Z",
    identifiers: [],
    userId: null,
    anonymousId: null,
    previousId: null,
    groupId: null,
    traits: {},
    properties: {},
    context: {},
  };
}
