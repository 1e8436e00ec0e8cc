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

const identifiersMax = 500;
/** Addresses named to consent per person; beyond them its own knowledge of the person decides. */
const addressesMax = 20;

const personsDocument = `query SendTimePersons($of: [_Any!]!, $first: Int!, $names: [String!]!) {
  _entities(representations: $of) { ... on Person {
    id identifiers(first: $first) { nodes { namespace value } } traits(names: $names) { name value }
  } }
}`;

const consentDocument = `query SendTimeConsent($requests: [ConsentDecisionRequest!]!) {
  consentDecisionsFor(requests: $requests) { outcome reasons { code message } }
}`;

interface PersonAnswer {
  id: string;
  identifiers: { nodes: { namespace: string; value: string }[] } | null;
  traits: { name: string; value: unknown }[] | null;
}

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
      return { person: persons[index] ?? null, verdict };
    });
    return { found, held: verdicts ? null : "CONSENT_UNREACHABLE" };
  }

  private async persons(
    sync: Sync,
    requests: readonly EvidenceRequest[],
  ): Promise<(MessagePerson | null)[]> {
    const { _entities: answers } = await this.subgraphs.ask<{
      _entities: (PersonAnswer | null)[];
    }>("identity", personsDocument, {
      of: requests.map((request) => ({ __typename: "Person", id: request.personId })),
      first: identifiersMax,
      names: sync.traits,
    });
    if (answers.length !== requests.length) throw new Error("identity answered another question");
    return answers.map((answer, index) =>
      answer && answer.id === requests[index]!.personId ? visiblePerson(answer, sync) : null,
    );
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
      })),
    });
    if (verdicts.length !== requests.length) throw new Error("consent answered another question");
    return verdicts;
  }
}

/** Only what the sync names. */
function visiblePerson(answer: PersonAnswer, sync: Sync): MessagePerson {
  const namespaces = new Set(sync.identifiers);
  const names = new Set(sync.traits);
  return {
    id: answer.id,
    identifiers: (answer.identifiers?.nodes ?? [])
      .filter((identifier) => namespaces.has(identifier.namespace))
      .map(({ namespace, value }) => ({ namespace, value })),
    traits: Object.fromEntries(
      (answer.traits ?? [])
        .filter((trait) => names.has(trait.name) && trait.value !== null)
        .map((trait) => [trait.name, trait.value]),
    ),
  };
}

/** Only a plain ALLOW lets something out; redaction and deferral wait. */
export function isAllowed(verdict: ConsentVerdict): boolean {
  return verdict.outcome === "ALLOW";
}

/** Whether time alone may change the verdict. */
export function isDeferred(verdict: ConsentVerdict): boolean {
  return verdict.outcome === "DEFER";
}

/** The verdict on somebody whom identity no longer knows by that id. */
export const personGone: ConsentVerdict = {
  outcome: "DENY",
  reasons: [{ code: "PERSON_GONE", message: "Identity does not know this person (any more)." }],
};
