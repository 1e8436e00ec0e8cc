import { readFileSync } from "node:fs";
import {
  type ConsentFacts,
  noFacts,
  type PrivacySignal,
  type StatementFact,
  type Tenure,
} from "../../../subgraphs/consent/domain/consent-facts.ts";
import {
  type ConsentPolicy,
  policyWith,
  purposeKey,
} from "../../../subgraphs/consent/domain/consent-policy.ts";
import {
  type ConsentRequest,
  requestFor,
} from "../../../subgraphs/consent/domain/consent-request.ts";

/** One case of the decision table, in the words of its file. */
export interface DecisionCase {
  id: string;
  title: string;
  given: Given;
  request: Asked;
  expect: { decision: string; reason: string; note?: string };
}

interface Given {
  records?: GivenRecord[];
  suppressions?: { kind: string; address: string; channel?: string; topic?: string }[];
  signals?: Record<string, unknown>[];
  merges?: { at?: string; of: string[]; undoneAt?: string }[];
  erasure?: { at: string };
  restriction?: { since: string };
  person?: { birthYear?: number; timeZone?: string };
  link?: { confidence: "MEDIUM" };
  sent?: Record<string, number>;
  cap?: { max: number };
  quietHours?: [string, string];
  notice?: { purpose: string; minimumVersion: number };
  policy?: { doubleOptIn?: string[] };
  outage?: boolean;
}

interface GivenRecord {
  type: string;
  purpose: string;
  at: string;
  source?: string;
  channel?: string;
  scope?: Record<string, string>;
  expires?: string;
  noticeVersion?: number;
  state?: string;
  kind?: string;
}

interface Asked {
  purpose: string;
  channel: string;
  address: string;
  jurisdiction: string | null;
  destination: { role: "PROCESSOR" | "THIRD_PARTY"; tcfVendor?: number; requires?: string[] };
  operation?: "REMOVE";
  topic?: string;
  subject?: string;
  fields?: { name: string; class: string }[];
  now?: string;
}

export function readCases(): DecisionCase[] {
  const file = new URL("decisions.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { cases: DecisionCase[] }).cases;
}

export function nowOf(one: DecisionCase): number {
  return Date.parse(one.request.now ?? "2026-06-01T12:00:00Z");
}

export function policyOf(given: Given): ConsentPolicy {
  const names = ["MARKETING", "ANALYTICS", "PERSONALISATION", "ADVERTISING"];
  const purposes = [...names, "AD_USER_DATA", "AD_PERSONALISATION", "CONTRACT"].map((name) => ({
    name: name.toLowerCase(),
    basis: name === "CONTRACT" ? ("CONTRACT" as const) : ("CONSENT" as const),
    channels: [],
    minimumNoticeVersion: given.notice?.purpose === name ? given.notice.minimumVersion : null,
    tcfPurposes: name === "ADVERTISING" ? [1, 3, 4] : [],
  }));
  return { ...policyWith(purposes), doubleOptInRegions: given.policy?.doubleOptIn ?? [] };
}

export function requestOf(asked: Asked): ConsentRequest {
  return {
    ...requestFor(asked.purpose, asked.channel),
    addresses: [addressKey(asked.address)],
    jurisdiction: asked.jurisdiction,
    operation: asked.operation ?? "ADD",
    topic: asked.topic ?? null,
    destination: {
      role: asked.destination.role,
      tcfVendor: asked.destination.tcfVendor ?? null,
      requires: asked.destination.requires ?? [],
    },
    fields: (asked.fields ?? []).map(({ name, class: kind }) => ({
      name,
      isSpecial: kind === "SPECIAL",
    })),
  };
}

export function factsOf({ given, request }: DecisionCase): ConsentFacts | null {
  if (given.outage) return null;
  const tenures = tenuresOf(given);
  const mine = subjectsWith(request.subject, tenures);
  const isMine = (subject: string | null) => subject === null || !mine || mine.has(subject);
  const records = given.records ?? [];
  return {
    ...noFacts,
    statements: records
      .filter((record) => record.type !== "EXISTING_RELATIONSHIP")
      .map((record) => statementOf(record, given))
      .filter((statement) => isMine(statement.subject)),
    tenures: tenures.filter((tenure) => isMine(tenure.subject)),
    suppressions: (given.suppressions ?? []).map((one) => ({
      address: addressKey(one.address),
      channel: one.channel ?? null,
      reason: one.kind,
      topic: one.topic ?? null,
    })),
    signals: (given.signals ?? []).flatMap(signalOf),
    relationships: records
      .filter((record) => record.type === "EXISTING_RELATIONSHIP")
      .map((record) => ({ kind: record.kind!, at: Date.parse(record.at) })),
    identifiers: [addressKey(request.address)],
    erasedAt: given.erasure ? Date.parse(given.erasure.at) : null,
    restrictedSince: given.restriction ? Date.parse(given.restriction.since) : null,
    birthYear: given.person?.birthYear ?? null,
    timeZone: given.person?.timeZone ?? null,
    cap: given.cap ? { sent: sum(Object.values(given.sent ?? {})), max: given.cap.max } : null,
    quietHours: given.quietHours ?? null,
  };
}

function addressKey(address: string): string {
  const plain = address.trim().toLowerCase();
  return plain.includes("@") ? `email:${plain}` : `phone:${plain}`;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function statementOf(record: GivenRecord, given: Given): StatementFact {
  const subject = Object.values(record.scope ?? {})[0] ?? null;
  const statedAt = Date.parse(record.at);
  return {
    subject,
    purpose: purposeKey(record.purpose),
    channel: record.channel ?? null,
    kind: record.type as "GRANT" | "WITHDRAW",
    statedAt,
    heldAt: statedAt,
    byOperator: record.source === "csv-import",
    expiresAt: record.expires ? Date.parse(record.expires) : null,
    noticeVersion: record.noticeVersion ?? null,
    isConfirmed: record.state !== "PENDING_CONFIRMATION",
    messageId: null,
    band: given.link?.confidence ?? "HIGH",
  };
}

function tenuresOf(given: Given): Tenure[] {
  return (given.merges ?? []).flatMap(({ at, of, undoneAt }) => {
    const [survivor] = of;
    const merged = of.map((subject) => ({
      subject,
      fromPersonId: subject,
      toPersonId: survivor!,
      at: Date.parse(at ?? "2026-01-01T00:00:00Z"),
      messageId: null,
    }));
    const undone = merged.map((tenure) => ({
      ...tenure,
      fromPersonId: survivor!,
      toPersonId: tenure.subject,
      at: Date.parse(undoneAt ?? ""),
    }));
    return undoneAt ? [...merged, ...undone] : merged;
  });
}

/** The subjects that are with the asked-for one at the end; null: nobody in particular was asked for. */
function subjectsWith(subject: string | undefined, tenures: Tenure[]): Set<string> | null {
  if (subject === undefined) return null;
  const last = new Map(tenures.map((tenure) => [tenure.subject, tenure.toPersonId]));
  const person = last.get(subject);
  return new Set([...last].filter(([, owner]) => owner === person).map(([key]) => key));
}

function signalOf(signal: Record<string, unknown>): PrivacySignal[] {
  if (signal["kind"] === "GPC") return [{ kind: "GPC", isOn: signal["value"] === 1 }];
  if (signal["kind"] === "GPP") return [{ kind: "GPP", saleOptOut: signal["SaleOptOut"] === 1 }];
  return [
    {
      kind: "TCF",
      policyVersion: (signal["policy"] as number | undefined) ?? 4,
      purposes: signal["purposes"] as number[],
      vendors: signal["vendors"] as number[],
      disclosedVendors: (signal["disclosed"] as number[] | undefined) ?? null,
    },
  ];
}
