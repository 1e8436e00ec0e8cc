import type { ErasedIdentifier } from "../../../kernel/privacy/erased-subject.ts";
import { toAnnouncement } from "./audit-writer.ts";
import { newId } from "../../../kernel/ids/new-id.ts";
import type { IdentifierMove } from "../../../kernel/announcements/identity-announcements.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { changeIdOf, type Erasure, type ErasureWork } from "../domain/erasure.ts";
import { type ErasurePlan, factsOutside, planErasure } from "../domain/erasure-plan.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import { type GraphComponent, noChanges } from "../store/graph-rows.ts";
import type { IdentityGraph } from "../store/identity-store.ts";
import { announcementsOf, byRule } from "./audit-writer.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { ProfileNotes } from "./profile-notes.ts";
import { recompute } from "./recompute.ts";
import type { Tombstones } from "./tombstones.ts";

/** Edges that are looked at to see what an erasure separates; beyond it persons stay as they are. */
const edgesMax = 200_000;
/** Neighbours whose components are made anew. */
const seedsMax = 2_000;

/** What a unit of work found out beyond what was noted before it: it has to be noted first. */
export type EraseOutcome =
  | { isDone: true; changeIds: string[] }
  | { isDone: false; work: ErasureWork };

/**
 * One unit of work that makes the graph forget: identifiers with all that hangs on them, tombstones,
 * what they had bridged, the audit entry, the announcements. Repeating it does nothing.
 */
export class EraseUnit {
  private readonly graph: IdentityGraph;
  private readonly policy: PolicyInForce;
  private readonly tombstones: Tombstones;
  private readonly erasure: Erasure;

  constructor(
    graph: IdentityGraph,
    policy: PolicyInForce,
    tombstones: Tombstones,
    erasure: Erasure,
  ) {
    this.graph = graph;
    this.policy = policy;
    this.tombstones = tombstones;
    this.erasure = erasure;
  }

  async run(): Promise<EraseOutcome> {
    const work = this.erasure.work!;
    const changeId = changeIdOf(this.erasure.id);
    if (await this.graph.auditEntry(changeId)) {
      return { isDone: true, changeIds: [changeId, ...work.changeIds] };
    }
    const own = await this.ownIdentifiers(work);
    const around = await this.graph.loadComponents(
      own.map(({ key }) => key),
      edgesMax,
    );
    const plan = this.planOf(own, around, work);
    const found = await this.noted(plan, own, work);
    // What is to go is noted before it goes: a crash in between must not lose it.
    if (JSON.stringify(found) !== JSON.stringify(work)) return { isDone: false, work: found };
    return { isDone: true, changeIds: await this.forget(plan, around, work, changeId) };
  }

  private async ownIdentifiers({ target }: ErasureWork): Promise<KnownIdentifier[]> {
    if (target.identifierKey === null) {
      const ids = await this.graph.resolvePersonIds([target.personId]);
      return this.graph.identifiersOfPersons([...ids.values()]);
    }
    const { identifiers } = await this.graph.load({
      identifierKeys: [target.identifierKey],
      evidence: [],
      sheets: [],
      groupIds: [],
    });
    return identifiers;
  }

  /** Who names an identifier means all of it, whoever uses it. */
  private planOf(
    own: readonly KnownIdentifier[],
    around: GraphComponent | null,
    { target }: ErasureWork,
  ): ErasurePlan {
    if (target.identifierKey !== null || !around) return { gone: [...own], shared: [] };
    return planErasure(own, around, this.policy.current());
  }

  private async noted(
    plan: ErasurePlan,
    own: readonly KnownIdentifier[],
    work: ErasureWork,
  ): Promise<ErasureWork> {
    const named = (
      { key, namespace, value }: KnownIdentifier,
      stretch: Pick<ErasedIdentifier, "from" | "until" | "isGone">,
    ) => ({ namespace, value, token: this.tombstones.tokenOf(key), ...stretch });
    const found = [
      ...plan.gone.map((each) => named(each, { from: null, until: null, isGone: true })),
      ...plan.shared.map(({ identifier, from, until }) =>
        named(identifier, { from, until, isGone: false }),
      ),
    ].sort((a, b) => (a.token < b.token ? -1 : 1));
    const identifiers = found.length > 0 ? found : work.identifiers;
    if (work.target.identifierKey === null) return { ...work, identifiers };
    const owner = own[0]?.personId ?? null;
    const rest = owner === null ? [] : await this.restOf(owner, plan.gone);
    return rest.length === 0 && owner !== null
      ? { ...work, identifiers, personIds: [owner], remainingPersonId: null }
      : { ...work, identifiers, personIds: [], remainingPersonId: owner };
  }

  private async restOf(personId: string, gone: readonly KnownIdentifier[]): Promise<string[]> {
    const keys = new Set(gone.map(({ key }) => key));
    const own = await this.graph.identifiersOfPersons([personId]);
    return own.map(({ key }) => key).filter((key) => !keys.has(key));
  }

  private async forget(
    plan: ErasurePlan,
    around: GraphComponent | null,
    work: ErasureWork,
    changeId: string,
  ): Promise<string[]> {
    const { graph } = this;
    const goneKeys = plan.gone.map(({ key }) => key);
    const { personIds, remainingPersonId } = work;
    await this.keepShared(plan, around);
    const keys = new Set([
      ...goneKeys,
      ...work.identifiers.filter(({ isGone }) => isGone).map(keyOf),
    ]);
    const lost = await graph.erasing.erase({
      keys: [...keys],
      personIds,
      tombstones: [...keys].map((key) => this.tombstones.hashOf(key)),
      erasedAt: work.erasedAt,
    });
    const neighbours = lost.map(({ low, high }) => (keys.has(low) ? high : low));
    const seeds = [
      ...plan.shared.map(({ identifier }) => identifier.key),
      ...(remainingPersonId === null ? [] : await this.restOf(remainingPersonId, plan.gone)),
      ...neighbours,
    ].filter((key) => !keys.has(key));
    const notes = new ProfileNotes();
    const changes = await this.separate([...new Set(seeds)], notes, work);
    const entry = this.entryOf(changeId, plan, work);
    await graph.save({ ...noChanges, audit: [entry] });
    const told = { ...toAnnouncement(entry), moves: movesOf(plan, entry.personIds[0]!) };
    await graph.announce([
      ...announcementsOf(changes, notes),
      { key: entry.personIds[0]!, kind: "CHANGE", payload: told },
    ]);
    return [changeId, ...changes.map(({ id }) => id)];
  }

  /** Shared identifiers are nobody's until the recomputation gives them to who is left. */
  private async keepShared(plan: ErasurePlan, around: GraphComponent | null): Promise<void> {
    if (plan.shared.length === 0 || !around) return;
    const shared = new Map(plan.shared.map((each) => [each.identifier.key, each]));
    const changed = around.sheets.flatMap((sheet) => {
      const stretch = shared.get(sheet.key);
      return (stretch && factsOutside(sheet, stretch)) ?? [];
    });
    const isEmpty = ({ facts }: { facts: object }) => Object.keys(facts).length === 0;
    await this.graph.save({
      ...noChanges,
      identifiers: plan.shared.map(({ identifier }) => ({
        ...identifier,
        personId: null,
        originId: null,
      })),
      sheets: changed.filter((sheet) => !isEmpty(sheet)),
    });
    await this.graph.erasing.removeSheets(changed.filter(isEmpty));
  }

  /** What the erased had bridged comes apart. */
  private async separate(
    seeds: readonly string[],
    notes: ProfileNotes,
    { erasedAt }: ErasureWork,
  ): Promise<AuditEntry[]> {
    if (seeds.length === 0) return [];
    const component = await this.graph.loadComponents(seeds.slice(0, seedsMax), edgesMax);
    if (!component) return [];
    const cause = { messageId: null, eventName: null, rule: "erasure", decision: null };
    return recompute(this.graph, component, this.policy.current(), notes, {
      preferredId: null,
      leaving: new Set(),
      undone: new Map(),
      contextOf: () => byRule(erasedAt, cause),
      newPersonId: () => newId("person"),
      newChangeId: () => newId("change"),
    });
  }

  private entryOf(id: string, { gone }: ErasurePlan, work: ErasureWork): AuditEntry {
    const about =
      work.personIds[0] ?? work.remainingPersonId ?? work.target.personId ?? this.erasure.id;
    return {
      id,
      kind: "ERASE",
      occurredAt: work.erasedAt,
      personIds: [about],
      moves: gone.map(({ key, namespace, kind }) => ({
        namespace,
        value: this.tombstones.tokenOf(key),
        kind: kind as IdentifierMove["kind"],
        from: about,
        to: null,
      })),
      redirects: [],
      actor: this.erasure.actor,
      reason: this.erasure.reason,
      reverts: null,
      revertedBy: null,
      decision: null,
      cause: { messageId: null, eventName: null, rule: "erasure", decision: null },
    };
  }
}

function keyOf({ namespace, value }: ErasedIdentifier): string {
  return `${namespace}:${value}`;
}

/**
 * For the other subgraphs' own look-ups of who is who. The stream is rid of them as soon as all have
 * read it, and nobody outside is shown them.
 */
function movesOf({ gone }: ErasurePlan, from: string): IdentifierMove[] {
  return gone.map(({ namespace, value, kind }) => ({
    namespace,
    value,
    kind: kind as IdentifierMove["kind"],
    from,
    to: null,
  }));
}
