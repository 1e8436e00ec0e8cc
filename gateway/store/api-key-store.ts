import type { ApiKey } from "../domain/api-key.ts";

/** Where keys are kept. A secret is known by its SHA-256 (hex) only. */
export interface ApiKeyStore {
  /** Does nothing when a key with that hash exists. */
  insert(apiKey: ApiKey, secretHash: string): Promise<void>;
  /** The key of a secret, revoked or not. */
  byHash(secretHash: string): Promise<ApiKey | null>;
  /** Marks the key as revoked, once; gives it with its time, or null when there is none. */
  revoke(id: string, at: Date): Promise<ApiKey | null>;
  /** Marks every other root key as revoked: there is one at a time. */
  revokeOtherRoots(secretHash: string, at: Date): Promise<void>;
  /** Whether a key that is not revoked can make keys. */
  hasRoot(): Promise<boolean>;
  /** Which of these keys are revoked. */
  revokedAmong(ids: string[]): Promise<string[]>;
  /** Newest first, after an id. */
  list(limit: number, afterId: string | null): Promise<ApiKey[]>;
  count(): Promise<number>;
}
