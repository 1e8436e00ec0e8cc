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
 * who was one person. What people wrote about the erased goes as a whole, names have many forms.
 * Null: it says nothing about them.
 */
export function redactedAudit(
  entry: AuditEntry,
  redactor: Redactor,
  personIds: readonly string[],
): AuditEntry | null {
  const moves = redactor.json(entry.moves);
  const isTheirs = entry.personIds.some((id) => personIds.includes(id));
  const reason = reasonLeft(entry, isTheirs, redactor);
  if (moves === entry.moves && reason === entry.reason && !isTheirs) return null;
  return { ...entry, moves, reason, cause: { ...entry.cause, ...noCause } };
}

/** Why somebody was erased says why he is missing. */
function reasonLeft(
  { kind, reason }: Pick<AuditEntry, "kind" | "reason">,
  isTheirs: boolean,
  redactor: Redactor,
): string | null {
  if (reason === null || (isTheirs && kind !== "ERASE")) return null;
  return redactor.text(reason);
}

interface About {
  persons: ReadonlySet<string>;
  /** Who was one with them for a while. */
  companions: ReadonlySet<string>;
  /** Changes of the erasure itself: what they tell is what is left. */
  changeIds: ReadonlySet<string>;
}

/** An entry of stream `identity` without what was erased. */
export function scrubbedEntry(
  { key, kind, payload }: { key: string; kind: string; payload: unknown },
  redactor: Redactor,
  { persons, companions, changeIds }: About,
): { payload: unknown } | null {
  if (kind === "PROFILE") {
    const profile = payload as ProfileChange;
    const isNews = changeIds.has(profile.cause.identityChangeId ?? "");
    if (!isNews && companions.has(key)) return { payload: withoutValues(redactor.json(profile)) };
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
  const reason = reasonLeft(change, isTheirs, redactor);
  return { payload: { ...change, cause, reason } };
}

/** What changed is still told. */
function withoutValues(profile: ProfileChange): ProfileChange {
  const traits = Object.fromEntries(Object.keys(profile.traits).map((name) => [name, null]));
  return { ...profile, traits };
}

function isErased(key: string | null, redactor: Redactor): boolean {
  if (key === null) return false;
  const end = key.indexOf(":");
  return redactor.tokenOf({ namespace: key.slice(0, end), value: key.slice(end + 1) }) !== null;
}
