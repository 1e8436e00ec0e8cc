import { DomainError } from "../../kernel/errors/domain-error.ts";
import type { Principal } from "../../kernel/security/principal.ts";
import { within } from "../../kernel/time/within.ts";

/** Looking a credential up takes milliseconds; an engine that is frozen, or out of reach, takes for ever. */
const readMsMaxDefault = 15_000;

/** Who asks, for how long, and how to hear that it is over. */
export interface Authenticated {
  principal: Principal;
  /** Calls back once when the right to read ends; gives the function to stop listening. */
  onEnd(listener: (reason: DomainError) => void): () => void;
}

/** Knows the holders of one kind of credential. */
export interface CredentialReader {
  /** Null when the credential is of another kind. Throws UNAUTHENTICATED when it is no good. */
  read(credential: string): Promise<Authenticated | null>;
}

/** Finds out who stands behind an `Authorization` header or `connectionParams.authorization`. */
export class Authenticator {
  private readonly readers: CredentialReader[];
  private readonly readMsMax: number;

  constructor(readers: CredentialReader[], readMsMax: number = readMsMaxDefault) {
    this.readers = readers;
    this.readMsMax = readMsMax;
  }

  /**
   * Throws UNAUTHENTICATED when there is none, or nobody knows it; UNAVAILABLE when that cannot be found
   * out in time.
   */
  async authenticate(authorization: string | undefined): Promise<Authenticated> {
    const credential = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    if (!credential) throw unauthenticated("Send a key: `Authorization: Bearer <key>`.");
    for (const reader of this.readers) {
      const found = await within(this.readMsMax, reader.read(credential), notInTime);
      if (found) return found;
    }
    throw unauthenticated("The key is not known, or was revoked.");
  }
}

function notInTime(): DomainError {
  const message = "Keys cannot be looked up at the moment. Try again.";
  return new DomainError("UNAVAILABLE", message, { retryable: true });
}

export function unauthenticated(message: string): DomainError {
  return new DomainError("UNAUTHENTICATED", message);
}
