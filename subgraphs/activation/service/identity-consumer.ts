import type {
  IdentityChange,
  ProfileChange,
} from "../../../kernel/announcements/identity-announcements.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { noCause } from "../domain/delivery.ts";
import { concernsSync } from "../domain/profile-telling.ts";
import type { Sync } from "../domain/sync.ts";
import type { Afterwards, TellingNews } from "../domain/telling.ts";
import type { TellingKey } from "../store/postgres-telling-store.ts";
import type { RecentChanges } from "./recent-changes.ts";
import { tellingKey } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";

/** Follows the stream `identity`: who was merged into whom, and whose profile changed. */
export class IdentityConsumer {
  private readonly workshop: Workshop;
  private readonly recent: RecentChanges;

  constructor(workshop: Workshop, recent: RecentChanges) {
    this.workshop = workshop;
    this.recent = recent;
  }

  async handle(transaction: Transaction, entries: readonly StreamEntry[]): Promise<void> {
    const changes: IdentityChange[] = [];
    const profiles: ProfileChange[] = [];
    for (const { kind, payload } of entries) {
      if (kind === "CHANGE") changes.push(payload as IdentityChange);
      if (kind === "PROFILE") profiles.push(payload as ProfileChange);
    }
    for (const change of changes) this.recent.note(change.id, change.kind);
    const redirects = changes.flatMap((change) => change.redirects);
    if (redirects.length === 0 && profiles.length === 0) return;
    this.workshop.syncs.keep(transaction);
    await this.workshop.members.redirect(transaction, redirects);
    const moved = new Set(redirects.map((redirect) => redirect.from));
    await this.tell(transaction, moved, profiles, mergeNotes(changes, this.workshop.clock.now()));
  }

  private async tell(
    transaction: Transaction,
    moved: ReadonlySet<string>,
    profiles: readonly ProfileChange[],
    merged: ReadonlyMap<string, Afterwards>,
  ): Promise<void> {
    const { syncs, tellings, reconciler } = this.workshop;
    const all = await syncs.all(transaction);
    const ofProfiles = all.filter((sync) => sync.audience === null);
    const keys = new Map<string, TellingKey>();
    for (const sync of moved.size > 0 ? all : []) {
      for (const personId of moved) {
        const key = { sync: sync.name, personId };
        keys.set(tellingKey(key), key);
      }
    }
    const { news, changed } = this.profileNews(ofProfiles, profiles);
    for (const [id, { personId }] of keys) {
      const note = merged.get(personId);
      if (note) news.set(id, { note });
    }
    for (const key of changed) keys.set(tellingKey(key), key);
    if (keys.size === 0) return;
    const back = [...moved].filter((personId) => !merged.has(personId));
    await tellings.ensure(transaction, [
      ...changed,
      ...(await this.unheard(transaction, all, back)),
    ]);
    await reconciler.reconcile(transaction, [...keys.values()], { news });
  }

  /**
   * Where ids that were given back are members: their entries may have been heard of while they
   * still led to somebody else, and were not told then.
   */
  private async unheard(
    transaction: Transaction,
    all: readonly Sync[],
    personIds: readonly string[],
  ): Promise<TellingKey[]> {
    if (personIds.length === 0) return [];
    const audiences = new Set(all.flatMap((sync) => sync.audience ?? []));
    const { members } = this.workshop;
    const memberships = await members.among(transaction, [...audiences], personIds);
    return memberships.flatMap(({ audience, personId }) =>
      all
        .filter((sync) => sync.audience === audience)
        .map((sync) => ({ sync: sync.name, personId })),
    );
  }

  /** The latest relevant change of each person; changed traits add up over the batch. */
  private profileNews(
    syncs: readonly Sync[],
    profiles: readonly ProfileChange[],
  ): { news: Map<string, TellingNews>; changed: TellingKey[] } {
    const news = new Map<string, TellingNews>();
    const changed = new Map<string, TellingKey>();
    for (const change of profiles) {
      for (const sync of syncs) {
        if (!concernsSync(change, sync.traits)) continue;
        const key = { sync: sync.name, personId: change.personId };
        const id = tellingKey(key);
        const before = news.get(id)?.note?.cause.changedTraits ?? [];
        const named = Object.keys(change.traits).filter((name) => sync.traits.includes(name));
        const cause = {
          ...noCause,
          ...change.cause,
          identityChangeKind: this.recent.kindOf(change.cause.identityChangeId),
          changedTraits: [...new Set([...before, ...named])],
        };
        news.set(id, { note: { occurredAt: change.occurredAt, cause } });
        changed.set(id, key);
      }
    }
    return { news, changed: [...changed.values()] };
  }
}

/** What to tell, where the id was told in, of those who were merged away and are so still. */
function mergeNotes(changes: readonly IdentityChange[], now: Date): Map<string, Afterwards> {
  const notes = new Map<string, Afterwards>();
  const occurredAt = now.toISOString();
  for (const { id, kind, cause, redirects } of changes) {
    const origin = { identityChangeId: id, identityChangeKind: kind };
    for (const { from, to } of redirects) {
      if (from === to) notes.delete(from);
      else notes.set(from, { occurredAt, cause: { ...noCause, ...cause, ...origin } });
    }
  }
  return notes;
}
