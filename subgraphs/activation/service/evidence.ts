import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { identifierKey } from "../../../kernel/announcements/identity-announcements.ts";
import { normaliseIdentifier } from "../../../kernel/persons/normalise-identifier.ts";
import type { SubgraphClient } from "../../../kernel/federation/subgraph-client.ts";
import type { ConsentVerdict, HeldBecause } from "../domain/delivery.ts";
import type { Sync } from "../domain/sync.ts";
import type { MessagePerson } from "../domain/webhook-message.ts";

/**
 * What has to be known of a person before anything is sent. ADD needs consent; REMOVE never waits
 * for it.
 */
export interface EvidenceRequest {
  personId: string;
  operation: "ADD" | "REMOVE";
}

export interface Evidence {
  /** What may leave. Null when identity knows no such person (any more). */
  person: MessagePerson | null;
  /** Null for a REMOVE while consent cannot be asked. */
  verdict: ConsentVerdict | null;
}

/**
 * Answers in the order of the requests; null where an answer is missing and nothing may be sent.
 */
export interface GatheredEvidence {
  found: (Evidence | null)[];
  held: HeldBecause | null;
}

/** Identifiers of a person that are judged and sent; identity tells no more of them. */
const addressesMax = 500;

const personsDocument = `query SendTimePersons(
  $ids: [ID!]!, $namespaces: [String!]!, $traits: [String!]!
) {
  sendablePersons(ids: $ids, namespaces: $namespaces, traits: $traits) { id identifiers traits }
}`;

const consentDocument = `query SendTimeConsent($requests: [ConsentDecisionRequest!]!) {
  consentDecisionsFor(requests: $requests) { outcome reasons { code message } leaveOut { namespace value } }
}`;

/**
 * Asks identity for what a sync names and consent for what it may do, a batch at a time, when
 * sending.
 */
export class EvidenceDesk {
  private readonly subgraphs: SubgraphClient;
  private readonly onFailure: (subgraph: string, error: unknown) => void;

  constructor(subgraphs: SubgraphClient, onFailure: (subgraph: string, error: unknown) => void) {
    this.subgraphs = subgraphs;
    this.onFailure = onFailure;
  }

  /**
   * At most 256 requests, all of one sync. Never throws: what cannot be asked is held (fail
   * closed).
   */
  async gather(sync: Sync, requests: readonly EvidenceRequest[]): Promise<GatheredEvidence> {
    const persons = await this.persons(sync, requests).catch((error: unknown) => {
      this.onFailure("identity", error);
      return null;
    });
    if (!persons) return { found: requests.map(() => null), held: "IDENTITY_UNREACHABLE" };
    const verdicts = await this.verdicts(sync, requests, persons).catch((error: unknown) => {
      this.onFailure("consent", error);
      return null;
    });
    const found = requests.map((request, index): Evidence | null => {
      const verdict = verdicts?.[index] ?? null;
      if (!verdict && request.operation === "ADD") return null;
      const person = persons[index] ?? null;
      return { person: person && verdict ? without(verdict, person) : person, verdict };
    });
    return { found, held: verdicts ? null : "CONSENT_UNREACHABLE" };
  }

  private async persons(
    sync: Sync,
    requests: readonly EvidenceRequest[],
  ): Promise<(MessagePerson | null)[]> {
    const { sendablePersons: persons } = await this.subgraphs.ask<{
      sendablePersons: (MessagePerson | null)[];
    }>("identity", personsDocument, {
      ids: requests.map((request) => request.personId),
      namespaces: sync.identifiers,
      traits: sync.traits,
    });
    const isInOrder = requests.every(({ personId }, place) => {
      const answer = persons[place];
      return answer === null || answer?.id === personId;
    });
    if (!isInOrder) throw new Error("identity answered another question");
    return persons;
  }

  private async verdicts(
    sync: Sync,
    requests: readonly EvidenceRequest[],
    persons: readonly (MessagePerson | null)[],
  ): Promise<ConsentVerdict[]> {
    const { consentDecisionsFor: verdicts } = await this.subgraphs.ask<{
      consentDecisionsFor: ConsentVerdict[];
    }>("consent", consentDocument, {
      requests: requests.map((request, index) => ({
        personId: request.personId,
        purpose: sync.purpose,
        channel: sync.channel,
        addresses: (persons[index]?.identifiers ?? []).slice(0, addressesMax),
        operation: request.operation,
        leavesOut: true,
      })),
    });
    if (verdicts.length !== requests.length) throw new Error("consent answered another question");
    return verdicts.map(({ leaveOut = [], ...verdict }) =>
      leaveOut.length > 0 ? { ...verdict, leaveOut } : verdict,
    );
  }
}

/** The person without the addresses that are suppressed. */
function without({ leaveOut = [] }: ConsentVerdict, person: MessagePerson): MessagePerson {
  if (leaveOut.length === 0) return person;
  const left = new Set(leaveOut.map(identifierKey));
  const isLeft = (one: RawIdentifier) => {
    const identifier = normaliseIdentifier(one);
    return identifier !== null && left.has(identifierKey(identifier));
  };
  return { ...person, identifiers: person.identifiers.filter((one) => !isLeft(one)) };
}

/** The verdict on an entry with what goes out with it, and what may have gone out before. */
export function withSent(
  verdict: ConsentVerdict,
  person: MessagePerson,
  before: ConsentVerdict | null,
): ConsentVerdict {
  const sent = new Map(before?.sent?.map((one) => [identifierKey(one), one]));
  for (const raw of person.identifiers) {
    const identifier = normaliseIdentifier(raw);
    if (identifier) sent.set(identifierKey(identifier), identifier);
  }
  return { ...verdict, sent: [...sent.values()] };
}

/** Only a plain ALLOW lets something out; redaction and deferral wait. */
export function isAllowed(verdict: ConsentVerdict): boolean {
  return verdict.outcome === "ALLOW";
}

/** The verdict on who is in with an address that is suppressed since: out, and in again without. */
export const addressSuppressed: ConsentVerdict = {
  outcome: "DENY",
  reasons: [{ code: "ADDRESS_SUPPRESSED", message: "An address that was told is suppressed now." }],
};

/** Whether time alone may change the verdict. */
export function isDeferred(verdict: ConsentVerdict): boolean {
  return verdict.outcome === "DEFER";
}

/** The verdict on somebody whom identity no longer knows by that id. */
export const personGone: ConsentVerdict = {
  outcome: "DENY",
  reasons: [{ code: "PERSON_GONE", message: "Identity does not know this person (any more)." }],
};
