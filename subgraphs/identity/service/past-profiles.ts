import type { RawIdentifier } from "../../../kernel/announcements/accepted-event.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { type PastPerson, type PastQuestion, personAsOf } from "../domain/as-of.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import type { PolicyInForce } from "./policy-in-force.ts";

/** Edges that are looked at to tell somebody's past. */
const edgesMax = 50_000;
const auditPage = 500;
/** Changes of one person that are looked at for decisions taken back. */
const auditMax = 10_000;

/** Who somebody was. */
export class PastProfiles {
  private readonly reader: IdentityReader;
  private readonly policy: PolicyInForce;

  constructor(reader: IdentityReader, policy: PolicyInForce) {
    this.reader = reader;
    this.policy = policy;
  }

  /** Null: nobody, or not yet. Throws OVERLOADED where there is too much evidence to look at. */
  async person(
    by: { id?: string | null; identifier?: RawIdentifier | null },
    at: string,
  ): Promise<PastPerson | null> {
    const question = this.questionOf(by);
    if (!question) return null;
    const own = await this.keysAround(question);
    if (own.length === 0) return null;
    const decisions = await this.reader.decisionsOn(own);
    const seeds = new Set([
      ...own,
      ...decisions.flatMap(({ decision }) => [...decision.left, ...decision.right]),
    ]);
    const component = await this.reader.components([...seeds], edgesMax);
    if (!component) {
      throw new DomainError("OVERLOADED", "There is too much evidence around this person's past.");
    }
    const then = await this.inForceAt(
      await this.reader.decisionsOn(component.identifiers.map(({ key }) => key)),
      component.persons.map(({ id }) => id),
      at,
    );
    return personAsOf(component, then, at, question, this.policy.current());
  }

  private questionOf({
    id,
    identifier,
  }: {
    id?: string | null;
    identifier?: RawIdentifier | null;
  }): PastQuestion | null {
    if (id) return id.includes("\0") ? null : { id, key: null };
    const key = identifier ? this.policy.identifiers.read(identifier).identifier?.key : undefined;
    return key === undefined ? null : { id: null, key };
  }

  private async keysAround({ id, key }: PastQuestion): Promise<string[]> {
    if (key !== null) return [key];
    const now = (await this.reader.persons([id])).get(id);
    if (!now) return [];
    return (await this.reader.identifiersOfPersons([now.id])).map((each) => each.key);
  }

  /** Decisions as they stood: made by then, and not taken back until then. */
  private async inForceAt(
    decisions: readonly { decision: Decision; inForce: boolean }[],
    personIds: readonly string[],
    at: string,
  ): Promise<Decision[]> {
    const made = decisions.filter(({ decision }) => decision.madeAt <= at);
    if (made.length === 0) return [];
    const steps = await this.stepsOf(new Set(made.map(({ decision }) => decision.id)), personIds);
    return made.flatMap(({ decision, inForce }) => {
      const own = steps.filter((entry) => entry.decision!.decisionId === decision.id);
      const last = own.filter(({ occurredAt }) => occurredAt <= at).at(-1);
      const stood = last ? last.decision!.step === "MADE" : own.length > 0 || inForce;
      return stood ? [decision] : [];
    });
  }

  /** What was done to the decisions, in order. */
  private async stepsOf(
    ids: ReadonlySet<string>,
    personIds: readonly string[],
  ): Promise<AuditEntry[]> {
    const found = new Map<string, { entry: AuditEntry; sortKey: string }>();
    for (const personId of personIds) {
      let after: string | null = null;
      for (let seen = 0; seen < auditMax; seen += auditPage) {
        const page: { entry: AuditEntry; sortKey: string }[] = await this.reader.listAudit(
          { personId, kinds: null },
          { limit: auditPage, after },
        );
        for (const row of page) {
          if (row.entry.decision && ids.has(row.entry.decision.decisionId)) {
            found.set(row.entry.id, row);
          }
        }
        if (page.length < auditPage) break;
        after = page.at(-1)!.sortKey;
      }
    }
    return [...found.values()]
      .sort((a, b) => Number(a.sortKey) - Number(b.sortKey))
      .map(({ entry }) => entry);
  }
}
