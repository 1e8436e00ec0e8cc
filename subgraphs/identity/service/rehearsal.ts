import { invariant } from "../../../kernel/errors/invariant.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import type { Decision } from "../domain/decision.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { DecidingGraph } from "../store/deciding-graph.ts";
import type { GraphChanges, GraphComponent } from "../store/graph-rows.ts";
import type { AuditListing, IdentityReader, Page } from "../store/identity-reader.ts";

/**
 * A unit of work that writes nothing: it reads what stands, without any lock, and keeps what would
 * be written. So whoever looks ahead runs the very code that acts, and holds nobody up.
 */
export class Rehearsal implements DecidingGraph {
  /** What would be written. */
  readonly identifiers = new Map<string, KnownIdentifier>();
  /** Decisions that were in force where it looked; its own not among them. */
  readonly decisions = new Map<string, Decision>();
  /** Ids that name somebody, or did so once, where it looked. */
  readonly knownIds = new Set<string>();
  private readonly made: Decision[] = [];
  private readonly personIds = new Map<string, string>();
  private readonly reader: IdentityReader;

  constructor(reader: IdentityReader) {
    this.reader = reader;
  }

  async loadComponents(
    seedKeys: readonly string[],
    edgesMax: number,
  ): Promise<GraphComponent | null> {
    const component = await this.reader.components(seedKeys, edgesMax);
    if (!component) return null;
    for (const decision of component.decisions) this.decisions.set(decision.id, decision);
    for (const { id } of component.persons) this.knownIds.add(id);
    for (const { from } of component.redirects) this.knownIds.add(from);
    return { ...component, decisions: [...component.decisions, ...this.made] };
  }

  identifiersOfPersons(personIds: readonly string[]): Promise<KnownIdentifier[]> {
    return this.reader.identifiersOfPersons(personIds);
  }

  async resolvePersonIds(personIds: readonly string[]): Promise<Map<string, string>> {
    const found = await this.reader.persons([...new Set(personIds)]);
    const known = personIds.flatMap((id) => {
      const now = this.personIds.get(id) ?? found.get(id)?.id;
      return now === undefined ? [] : [[id, now] as const];
    });
    return new Map(known);
  }

  async save({ identifiers, persons, redirects }: GraphChanges): Promise<void> {
    for (const identifier of identifiers) this.identifiers.set(identifier.key, identifier);
    for (const { id } of persons) this.personIds.set(id, id);
    for (const { from, to } of redirects) this.personIds.set(from, to);
  }

  async saveDecision(decision: Decision): Promise<void> {
    this.made.push(decision);
  }

  setDecisionInForce(): Promise<Decision | null> {
    invariant(false, "reverts are not rehearsed");
  }

  async auditEntry(id: string): Promise<AuditEntry | null> {
    return (await this.reader.auditEntries([id])).get(id) ?? null;
  }

  listAudit(listing: AuditListing, page: Page): Promise<{ entry: AuditEntry; sortKey: string }[]> {
    return this.reader.listAudit(listing, page);
  }

  async markReverted(): Promise<void> {}

  async noteForReview(): Promise<void> {}

  async announce(): Promise<void> {}
}
