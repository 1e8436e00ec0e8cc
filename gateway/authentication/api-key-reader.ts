import type { WakeUps } from "../../kernel/database/database.ts";
import type { DomainError } from "../../kernel/errors/domain-error.ts";
import { secretLengthMax, secretLengthMin, type ApiKey } from "../domain/api-key.ts";
import { apiKeysTopic, hashOf } from "../service/api-keys.ts";
import type { ApiKeyStore } from "../store/api-key-store.ts";
import { unauthenticated, type Authenticated, type CredentialReader } from "./authenticator.ts";

/** How long a look-up is remembered; a wake-up ends it sooner. */
const rememberedMs = 1_000;
const rememberedMax = 10_000;
/** How often the keys of open subscriptions are looked at, should a wake-up get lost. */
const watchMs = 500;

type Listener = (reason: DomainError) => void;

/** API keys: looked up by hash, remembered briefly, watched while a subscription is open. */
export class ApiKeyReader implements CredentialReader {
  private readonly store: ApiKeyStore;
  private readonly remembered = new Map<string, { apiKey: ApiKey | null; until: number }>();
  private readonly watched = new Map<string, Set<Listener>>();
  private readonly timer: NodeJS.Timeout;
  private readonly stopListening: () => void;
  private looking = false;

  constructor(store: ApiKeyStore, wakeUps: WakeUps) {
    this.store = store;
    this.stopListening = wakeUps.onWake(apiKeysTopic, () => {
      this.remembered.clear();
      void this.endRevoked();
    });
    this.timer = setInterval(() => void this.endRevoked(), watchMs);
    this.timer.unref();
  }

  async read(credential: string): Promise<Authenticated | null> {
    const { length } = credential;
    if (length < secretLengthMin || length > secretLengthMax) return null;
    const apiKey = await this.find(hashOf(credential));
    if (!apiKey) return null;
    if (apiKey.revokedAt) throw unauthenticated("The key was revoked.");
    return {
      principal: { id: apiKey.id, scopes: apiKey.scopes },
      onEnd: (listener) => this.watch(apiKey.id, listener),
    };
  }

  close(): void {
    clearInterval(this.timer);
    this.stopListening();
  }

  private async find(hash: string): Promise<ApiKey | null> {
    const known = this.remembered.get(hash);
    if (known && known.until > Date.now()) return known.apiKey;
    const apiKey = await this.store.byHash(hash);
    if (this.remembered.size >= rememberedMax) this.remembered.clear();
    this.remembered.set(hash, { apiKey, until: Date.now() + rememberedMs });
    return apiKey;
  }

  private watch(id: string, listener: Listener): () => void {
    const listeners = this.watched.get(id) ?? new Set();
    this.watched.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.watched.get(id) === listeners) this.watched.delete(id);
    };
  }

  private async endRevoked(): Promise<void> {
    if (this.looking || this.watched.size === 0) return;
    this.looking = true;
    try {
      for (const id of await this.store.revokedAmong([...this.watched.keys()])) {
        const listeners = this.watched.get(id) ?? [];
        this.watched.delete(id);
        for (const listener of listeners) listener(unauthenticated("The key was revoked."));
      }
    } catch {
      // The engine cannot be reached: the next look, in half a second, tells.
    } finally {
      this.looking = false;
    }
  }
}
