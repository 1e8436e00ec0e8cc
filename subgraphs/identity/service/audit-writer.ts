import type {
  ChangeCause,
  IdentifierMove,
  IdentityChange,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { NewStreamEntry } from "../../../kernel/streams/stream.ts";
import type { AuditEntry, DecisionStep } from "../domain/audit-entry.ts";
import type { ChangeStep } from "../domain/change-step.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { PlannedChange } from "../domain/replan.ts";
import type { ProfileNotes } from "./profile-notes.ts";

/** Who changed what and why; all null when nobody but the rules did. */
export interface ChangeContext {
  at: string;
  cause: ChangeCause;
  actor: string | null;
  reason: string | null;
  reverts: string | null;
  decision: DecisionStep | null;
}

export function byRule(at: string, cause: ChangeCause): ChangeContext {
  return { at, cause, actor: null, reason: null, reverts: null, decision: null };
}

/** An audit entry of a planned change. */
export function auditEntry(id: string, change: PlannedChange, context: ChangeContext): AuditEntry {
  const { at, ...rest } = context;
  return { id, ...change, occurredAt: at, revertedBy: null, ...rest };
}

/** The entry as subscribers are told it. */
export function toAnnouncement(entry: AuditEntry): IdentityChange {
  const { revertedBy: _, decision: __, ...change } = entry;
  return {
    ...change,
    personIds: [...change.personIds],
    moves: [...change.moves],
    redirects: [...change.redirects],
  };
}

/** Entries for stream `identity`: CHANGE entries, then PROFILE entries. */
export function announcementsOf(
  audit: readonly AuditEntry[],
  notes: ProfileNotes,
): NewStreamEntry[] {
  return [
    ...audit.map((entry) => ({
      key: entry.personIds[0]!,
      kind: "CHANGE",
      payload: toAnnouncement(entry),
    })),
    ...notes.announcements(audit).map((change) => ({
      key: change.personId,
      kind: "PROFILE",
      payload: change,
    })),
  ];
}

/**
 * Audit entries of what resolution did, in order. `members` has the identifiers of every merged
 * person as they were before, and `identifierOf` those that the batch itself placed.
 */
export function entriesOfSteps(
  steps: readonly ChangeStep[],
  members: ReadonlyMap<string, readonly KnownIdentifier[]>,
  identifierOf: (key: string) => KnownIdentifier,
  newChangeId: () => string,
): AuditEntry[] {
  const keysOf = new Map<string, Set<string>>();
  const own = (personId: string) => {
    const known = keysOf.get(personId);
    if (known) return known;
    const keys = new Set((members.get(personId) ?? []).map(({ key }) => key));
    keysOf.set(personId, keys);
    return keys;
  };
  const byKey = new Map([...members.values()].flat().map((each) => [each.key, each]));
  const moveOf = (key: string, from: string | null, to: string): IdentifierMove => {
    const { namespace, value, kind } = byKey.get(key) ?? identifierOf(key);
    return { namespace, value, kind: kind as IdentifierMove["kind"], from, to };
  };
  return steps.map((step) => {
    const context = byRule(step.at, step.cause);
    if (step.kind === "MERGE") {
      const { from, to } = step;
      const moves = [...own(from)].map((key) => moveOf(key, from, to));
      for (const key of own(from)) own(to).add(key);
      const change = { kind: step.kind, personIds: [to, from], moves, redirects: [{ from, to }] };
      return auditEntry(newChangeId(), change, context);
    }
    const { kind, personId, keys } = step;
    for (const key of keys) own(personId).add(key);
    const moves = keys.map((key) => moveOf(key, null, personId));
    return auditEntry(
      newChangeId(),
      { kind, personIds: [personId], moves, redirects: [] },
      context,
    );
  });
}
