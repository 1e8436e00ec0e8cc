import {
  type ConsentChange,
  noConsentCause,
} from "../../../kernel/announcements/consent-change.ts";
import {
  identifierKey,
  type IdentifierRef,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import { normaliseIdentifier } from "../../../kernel/persons/normalise-identifier.ts";
import type { StatementKind } from "../domain/consent-facts.ts";
import { purposeKey } from "../domain/consent-policy.ts";
import { problemsOfPurpose, type Purpose, purposesMax } from "../domain/purpose.ts";
import { isByOperator } from "../domain/standing.ts";
import {
  problemsOfIdentifier,
  problemsOfNote,
  problemsOfStatement,
} from "../domain/statement-problems.ts";
import type { Statement, Suppression } from "../store/consent-store.ts";
import { announceConsent } from "./announce-consent.ts";
import { statementChanges } from "./consent-consumer.ts";
import type { ConsentContext } from "./consent-context.ts";

/** A result, or what the client must mend; never both. */
export type Answer<R> = { result: R; problems: [] } | { result: null; problems: Problem[] };

export interface NewStatement {
  identifier: IdentifierRef;
  purpose: string;
  channel: string | null;
  kind: StatementKind;
  method: string;
  statedAt: Date | null;
  expiresAt: Date | null;
  source: string | null;
  actor: string;
}

export interface NewSuppression {
  identifier: IdentifierRef;
  channel: string | null;
  reason: string;
  note: string | null;
  actor: string;
}

export interface Lift {
  identifier: IdentifierRef;
  channel: string | null;
  /** Null: whatever the reason. */
  reason: string | null;
  actor: string;
}

/** The verbs of consent, each one transaction. */
export class ConsentService {
  private readonly context: ConsentContext;

  constructor(context: ConsentContext) {
    this.context = context;
  }

  /** Defines a purpose, or redefines the one of that name. */
  async definePurpose(purpose: Purpose): Promise<Answer<Purpose>> {
    const problems = problemsOfPurpose(purpose);
    if (problems.length > 0) return refused(problems);
    const { clock, database, store } = this.context;
    const at = clock.now();
    return database.transaction(async (transaction) => {
      await store.moveOwners(transaction);
      const defined = await store.purposes(transaction);
      const key = purposeKey(purpose.name);
      const isNew = !defined.some((one) => purposeKey(one.name) === key);
      if (isNew && defined.length >= purposesMax) {
        const message = `There are at most ${purposesMax} purposes.`;
        return refused([problem("TOO_MANY_PURPOSES", message)]);
      }
      await store.savePurpose(transaction, purpose, at.getTime());
      const change = { ...nobodyInParticular(at), purpose: purpose.name };
      await announceConsent(this.context.streams, transaction, [change]);
      return { result: purpose, problems: [] };
    });
  }

  /** Writes down what somebody said, whether or not we know the person yet. */
  async recordConsent(said: NewStatement): Promise<Answer<Statement>> {
    const { clock, database, store } = this.context;
    const now = clock.now().getTime();
    return database.transaction(async (transaction) => {
      await store.keepOwners(transaction);
      const purposes = await store.purposes(transaction);
      const key = purposeKey(said.purpose);
      const purpose = purposes.find((one) => purposeKey(one.name) === key);
      const identifier = normaliseIdentifier(said.identifier);
      const problems = [
        ...problemsOfIdentifier(identifier),
        ...problemsOfStatement(said, purpose, now),
      ];
      if (!identifier || !purpose || problems.length > 0) return refused(problems);
      const statement = newStatement(said, identifierKey(identifier), purpose, now);
      await store.addStatements(transaction, [statement]);
      const personId = await this.personOf(transaction, identifier);
      const changes = statementChanges(statement, personId, purposes, null);
      await announceConsent(this.context.streams, transaction, changes);
      return { result: statement, problems: [] };
    });
  }

  /** Nothing goes to the address on the channel (null: on any) until the suppression is lifted. */
  async suppress(wanted: NewSuppression): Promise<Answer<Suppression>> {
    const identifier = normaliseIdentifier(wanted.identifier);
    const problems = [...problemsOfIdentifier(identifier), ...problemsOfNote(wanted.note)];
    if (!identifier || problems.length > 0) return refused(problems);
    const { clock, database, store } = this.context;
    const at = clock.now();
    return database.transaction(async (transaction) => {
      await store.keepOwners(transaction);
      const suppression = {
        id: newId("suppression", at.getTime()),
        addressKey: identifierKey(identifier),
        channel: wanted.channel,
        reason: wanted.reason,
        note: wanted.note,
        createdAt: at.getTime(),
        liftedAt: null,
      };
      const result = await store.addSuppression(transaction, suppression, wanted.actor);
      await this.announceAddress(transaction, identifier, wanted.channel, at);
      return { result, problems: [] };
    });
  }

  /** Lifts what stands on the address; refuses when nothing does. */
  async liftSuppression(wanted: Lift): Promise<Answer<Suppression[]>> {
    const identifier = normaliseIdentifier(wanted.identifier);
    if (!identifier) return refused(problemsOfIdentifier(identifier));
    const { clock, database, store } = this.context;
    const at = clock.now();
    return database.transaction(async (transaction) => {
      await store.keepOwners(transaction);
      const { channel, reason, actor } = wanted;
      const lift = { addressKey: identifierKey(identifier), channel, reason };
      const lifted = await store.liftSuppressions(transaction, {
        ...lift,
        at: at.getTime(),
        actor,
      });
      if (lifted.length === 0) {
        const message = "No such suppression stands on this address.";
        return refused([problem("NOT_SUPPRESSED", message, ["identifier"])]);
      }
      await this.announceAddress(transaction, identifier, channel, at);
      return { result: lifted, problems: [] };
    });
  }

  private async announceAddress(
    transaction: Transaction,
    identifier: IdentifierRef,
    channel: string | null,
    at: Date,
  ): Promise<void> {
    const personId = await this.personOf(transaction, identifier);
    const change = { ...nobodyInParticular(at), identifier, personId, channel };
    await announceConsent(this.context.streams, transaction, [change]);
  }

  private async personOf(
    transaction: Transaction,
    identifier: IdentifierRef,
  ): Promise<string | null> {
    const key = identifierKey(identifier);
    const persons = await this.context.persons.personsOf(transaction, [key]);
    return persons.get(key) ?? null;
  }
}

function refused(problems: Problem[]): { result: null; problems: Problem[] } {
  return { result: null, problems };
}

function nobodyInParticular(at: Date): ConsentChange {
  return {
    identifier: null,
    personId: null,
    purpose: null,
    channel: null,
    occurredAt: at.toISOString(),
    cause: noConsentCause,
  };
}

function newStatement(
  said: NewStatement,
  subjectKey: string,
  purpose: Purpose,
  now: number,
): Statement {
  return {
    id: newId("statement", now),
    subjectKey,
    purposeKey: purposeKey(purpose.name),
    purpose: purpose.name,
    channel: said.channel,
    kind: said.kind,
    method: said.method,
    byOperator: isByOperator(said.method),
    source: said.source,
    // A clock ahead of ours would have the grant outlive a withdrawal made right after it.
    statedAt: Math.min(said.statedAt?.getTime() ?? now, now),
    recordedAt: now,
    expiresAt: said.expiresAt?.getTime() ?? null,
    messageId: null,
    actor: said.actor,
  };
}
