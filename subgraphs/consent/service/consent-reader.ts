import { purposeKey } from "../domain/consent-policy.ts";
import { requestFor } from "../domain/consent-request.ts";
import type { Decision } from "../domain/decide.ts";
import { isStorable } from "../domain/preference.ts";
import type { Purpose } from "../domain/purpose.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { PageBounds, Statement, Suppression } from "../store/consent-store.ts";
import type { ConsentContext } from "./consent-context.ts";
import { type DecisionRequest, decideConsent } from "./decide-consent.ts";

/** Which decisions about a person are wanted. */
export interface DecisionQuestion {
  personId: string;
  /** Null: every purpose. */
  purposes: readonly string[] | null;
  /** Null: one decision for each channel of the purpose. */
  channel: string | null;
}

/** A decision with what it answers. */
export interface AnsweredDecision extends Decision {
  personId: string;
  purpose: string;
  channel: string | null;
  decidedAt: Date;
}

/** More in one question cost too much. */
const decisionsMax = 20_000;

/** The questions consent answers; each in a bounded number of statements, whatever is asked for. */
export class ConsentReader {
  private readonly context: ConsentContext;

  constructor(context: ConsentContext) {
    this.context = context;
  }

  purposes(): Promise<Purpose[]> {
    return this.context.store.purposes(this.context.database);
  }

  async purpose(name: string): Promise<Purpose | null> {
    const key = purposeKey(name);
    return (await this.purposes()).find((one) => purposeKey(one.name) === key) ?? null;
  }

  suppressions(addressKey: string | null, bounds: PageBounds): Promise<Suppression[]> {
    return this.context.store.suppressionPage(this.context.database, addressKey, bounds);
  }

  /** One answer a request, in order. */
  async decide(requests: readonly DecisionRequest[]): Promise<AnsweredDecision[]> {
    return this.answer(requests, await this.purposes());
  }

  /** One list a question, in order. */
  async decisions(questions: readonly DecisionQuestion[]): Promise<AnsweredDecision[][]> {
    const defined = await this.purposes();
    const asked = questions.map((question) => requestsOf(question, defined));
    const requests = asked.flat();
    if (requests.length > decisionsMax) {
      throw new DomainError("QUERY_TOO_EXPENSIVE", "Too many consent decisions in one query.", {
        details: { max: decisionsMax },
      });
    }
    const answers = await this.answer(requests, defined);
    let next = 0;
    return asked.map((list) => {
      const from = next;
      next += list.length;
      return answers.slice(from, next);
    });
  }

  /** One page of statements for each person, newest first, one more than asked for. */
  async statements(personIds: readonly string[], bounds: PageBounds): Promise<Statement[][]> {
    const { database, persons, store } = this.context;
    const survivors = await persons.survivors(database, personIds.filter(isStorable));
    const current = personIds.map((id) => survivors.get(id) ?? "");
    const keys = await persons.identifiersOf(database, current);
    const subjects = current.map((id) => keys.get(id) ?? []);
    return store.statementPages(database, subjects, bounds);
  }

  private async answer(
    requests: readonly DecisionRequest[],
    defined: Purpose[],
  ): Promise<AnsweredDecision[]> {
    const decisions = await decideConsent(this.context, requests, defined);
    const decidedAt = this.context.clock.now();
    return decisions.map((decision, index) => {
      const { personId, purpose, channel } = requests[index]!;
      return { ...decision, personId, purpose, channel, decidedAt };
    });
  }
}

/** What one question asks, a request for each purpose and channel. */
export function requestsOf(question: DecisionQuestion, defined: Purpose[]): DecisionRequest[] {
  const { personId, channel } = question;
  const byKey = new Map(defined.map((purpose) => [purposeKey(purpose.name), purpose]));
  const names = question.purposes ?? defined.map((purpose) => purpose.name);
  return names.flatMap((name) => {
    const own = byKey.get(purposeKey(name))?.channels ?? [];
    const channels = channel === null && own.length > 0 ? own : [channel];
    return channels.map((one) => ({ ...requestFor(name, one), personId }));
  });
}
