import { createHash, randomBytes } from "node:crypto";
import type { WakeUps } from "../../kernel/database/database.ts";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import { problem, type Problem } from "../../kernel/errors/problem.ts";
import { newId } from "../../kernel/ids/new-id.ts";
import type { Principal } from "../../kernel/security/principal.ts";
import { allScopes, type Scope } from "../../kernel/security/scopes.ts";
import type { Clock } from "../../kernel/time/clock.ts";
import { refuseApiKey, secretPrefix, shownPrefix, type ApiKey } from "../domain/api-key.ts";
import type { ApiKeyStore } from "../store/api-key-store.ts";

/** Woken when a key was made or revoked, so that other gateways forget what they remember. */
export const apiKeysTopic = "gateway.api-keys";

/** A key with its secret, which is shown this once and kept nowhere. */
export interface NewApiKey {
  apiKey: ApiKey;
  secret: string;
}

/** Makes, lists and revokes API keys. */
export class ApiKeys {
  private readonly store: ApiKeyStore;
  private readonly wakeUps: WakeUps;
  private readonly clock: Clock;

  constructor(store: ApiKeyStore, wakeUps: WakeUps, clock: Clock) {
    this.store = store;
    this.wakeUps = wakeUps;
    this.clock = clock;
  }

  async create(
    wanted: { name: string; scopes: readonly string[] },
    principal: Principal,
  ): Promise<NewApiKey | Problem[]> {
    const problems = refuseApiKey(wanted, principal.scopes);
    if (problems.length > 0) return problems;
    const scopes = [...new Set(wanted.scopes)] as Scope[];
    return this.add(newSecret(), wanted.name.trim(), scopes, false);
  }

  /** Revoking twice is no problem: the key keeps the time of the first. */
  async revoke(id: string): Promise<ApiKey | Problem[]> {
    const apiKey = await this.store.revoke(id, this.clock.now());
    if (!apiKey) return [problem("NOT_FOUND", "There is no key with this id.", ["id"])];
    this.wakeUps.wake(apiKeysTopic);
    return apiKey;
  }

  /** Newest first, one more than asked for when there are more. */
  list(limit: number, afterId: string | null): Promise<ApiKey[]> {
    return this.store.list(limit, afterId);
  }

  count(): Promise<number> {
    return this.store.count();
  }

  /**
   * Makes sure that somebody can get in. With a given key: it is the root key, and any other root key
   * is revoked. Without: on the first start one is made, and given here, this once. Throws BAD_INPUT when the
   * given key was revoked, or is another one's: a start that lets nobody in is worse than none.
   */
  async ensureRoot(given: string | null): Promise<string | null> {
    if (given === null) {
      if (await this.store.hasRoot()) return null;
      return (await this.add(newSecret(), "root", allScopes, true)).secret;
    }
    const known = await this.store.byHash(hashOf(given));
    if (known?.revokedAt) throw unusable("was revoked");
    if (known && !known.isRoot) throw unusable("is the secret of another API key");
    await this.store.revokeOtherRoots(hashOf(given), this.clock.now());
    await this.add(given, "root", allScopes, true);
    return null;
  }

  private async add(
    secret: string,
    name: string,
    scopes: Scope[],
    isRoot: boolean,
  ): Promise<NewApiKey> {
    const createdAt = this.clock.now();
    const id = newId("key", createdAt.getTime());
    const prefix = shownPrefix(secret);
    const apiKey: ApiKey = { id, name, prefix, scopes, isRoot, createdAt, revokedAt: null };
    await this.store.insert(apiKey, hashOf(secret));
    this.wakeUps.wake(apiKeysTopic);
    return { apiKey, secret };
  }
}

/** What is kept of a secret. It is 256 random bits, so a plain SHA-256 cannot be searched. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function unusable(why: string): DomainError {
  return new DomainError("BAD_INPUT", `ROOT_KEY ${why}. Give one that was never used.`);
}

function newSecret(): string {
  return `${secretPrefix}${randomBytes(32).toString("base64url")}`;
}
