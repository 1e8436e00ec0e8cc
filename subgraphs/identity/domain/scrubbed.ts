import type {
  IdentityChange,
  ProfileChange,
  ResolvedEvents,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Redactor } from "../../../kernel/privacy/redactor.ts";
import type { AuditEntry } from "./audit-entry.ts";

const noCause = { messageId: null, eventName: null };

/**
 * An audit entry without what was erased: values give way to tokens, so that the log still rebuilds
 * who was one person. Null: it says nothing about them.
 */
export function redactedAudit(
  entry: AuditEntry,
  redactor: Redactor,
  personIds: readonly string[],
): AuditEntry | null {
  const moves = redactor.json(entry.moves);
  const reason = entry.reason === null ? null : redactor.text(entry.reason);
  const isTheirs = entry.personIds.some((id) => personIds.includes(id));
  if (moves === entry.moves && reason === entry.reason && !isTheirs) return null;
  return { ...entry, moves, reason, cause: { ...entry.cause, ...noCause } };
}

interface About {
  persons: ReadonlySet<string>;
  /** Changes of the erasure itself: what they tell is what is left. */
  changeIds: ReadonlySet<string>;
}

/** An entry of stream `identity` without what was erased. */
export function scrubbedEntry(
  { key, kind, payload }: { key: string; kind: string; payload: unknown },
  redactor: Redactor,
  { persons, changeIds }: About,
): { payload: unknown } | null {
  if (kind === "PROFILE") {
    const profile = payload as ProfileChange;
    const isNews = changeIds.has(profile.cause.identityChangeId ?? "");
    if (isNews || !persons.has(key)) return { payload: redactor.json(profile) };
    return { payload: { ...profile, traits: {}, cause: { ...profile.cause, ...noCause } } };
  }
  if (kind === "RESOLVED") {
    const run = payload as ResolvedEvents;
    const subjects = run.subjects.map((subject) =>
      isErased(subject.subjectKey, redactor) ? { ...subject, subjectKey: null } : subject,
    );
    return { payload: { ...run, subjects } };
  }
  const change = redactor.json(payload as IdentityChange);
  if (change.kind === "ERASE" && changeIds.has(change.id)) {
    return { payload: { ...change, moves: [] } };
  }
  const isTheirs = change.personIds.some((id) => persons.has(id)) || change !== payload;
  const cause = isTheirs ? { ...change.cause, ...noCause } : change.cause;
  return { payload: { ...change, cause } };
}

function isErased(key: string | null, redactor: Redactor): boolean {
  if (key === null) return false;
  const end = key.indexOf(":");
  return redactor.tokenOf({ namespace: key.slice(0, end), value: key.slice(end + 1) }) !== null;
}
