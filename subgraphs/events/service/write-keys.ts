import { createHash, randomBytes } from "node:crypto";
import type { Database } from "../../../kernel/database/database.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { limits } from "../domain/limits.ts";
import type { KeyHolder, SourceStore, WriteKeyRow } from "../store/source-store.ts";

/** Other processes tell of a change at once; a lost hint costs so much at the most. */
const knownForMs = 10_000;
const unknownForMs = 2_000;
const cachedKeysMax = 10_000;

/** Wakes every process that caches write keys. */
export const sourcesTopic = "events-sources";

/** What a presented key is: the source it opens, or why it opens none. */
export type KeyVerdict = { source: string } | { refused: string };

interface CachedHolder {
  holder: KeyHolder | null;
  until: number;
}

/** Knows which source a write key belongs to; keys are kept as SHA-256 only. */
export class WriteKeys {
  private readonly database: Database;
  private readonly store: SourceStore;
  private readonly clock: Clock;
  private readonly cache = new Map<string, CachedHolder>();
  private readonly stopListening: () => void;

  constructor(database: Database, store: SourceStore, clock: Clock) {
    this.database = database;
    this.store = store;
    this.clock = clock;
    this.stopListening = database.wakeUps.onWake(sourcesTopic, () => this.cache.clear());
  }

  /** Looks a key up; throws when the engine does not answer. */
  async verify(writeKey: string): Promise<KeyVerdict> {
    if (writeKey === "" || writeKey.length > limits.writeKeyCharactersMax) return unknownKey;
    const holder = await this.holderOf(hashOf(writeKey));
    if (holder === null) return unknownKey;
    if (holder.isRevoked) return { refused: "This write key was revoked." };
    if (holder.isDisabled) return { refused: "The source of this write key is disabled." };
    return { source: holder.source };
  }

  /** Call it after a change of keys or sources has committed. */
  invalidate(): void {
    this.cache.clear();
    this.database.wakeUps.wake(sourcesTopic);
  }

  stop(): void {
    this.stopListening();
  }

  private async holderOf(hash: string): Promise<KeyHolder | null> {
    const now = this.clock.now().getTime();
    const known = this.cache.get(hash);
    if (known && known.until > now) return known.holder;
    const holder = await this.store.holderOf(this.database, hash);
    if (this.cache.size >= cachedKeysMax) this.cache.clear();
    this.cache.set(hash, { holder, until: now + (holder ? knownForMs : unknownForMs) });
    return holder;
  }
}

const unknownKey: KeyVerdict = { refused: "This write key is unknown." };

/** A new key for a source: what is shown once, and what is kept. */
export function newWriteKey(source: string, at: Date): { writeKey: string; row: WriteKeyRow } {
  const writeKey = `wk_${randomBytes(24).toString("base64url")}`;
  const row = {
    hash: hashOf(writeKey),
    source,
    prefix: writeKey.slice(0, 9),
    createdAt: at,
    revokedAt: null,
  };
  return { writeKey, row };
}

function hashOf(writeKey: string): string {
  return createHash("sha256").update(writeKey).digest("hex");
}
