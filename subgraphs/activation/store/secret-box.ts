import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { DomainError } from "../../../kernel/errors/domain-error.ts";

const cipherName = "aes-256-gcm";
const sealedPrefix = "sealed:";
const openPrefix = "open:";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Keeps secrets at rest: sealed with AES-256-GCM when a key is configured, else as they are. What
 * was stored before a key was configured stays readable, and is sealed when it is next written.
 */
export class SecretBox {
  private readonly key: Buffer | null;

  constructor(passphrase: string | null) {
    this.key =
      passphrase === null
        ? null
        : Buffer.from(hkdfSync("sha256", passphrase, "selfsame", "activation-secrets", 32));
  }

  seal(text: string): string {
    if (!this.key) return openPrefix + text;
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(cipherName, this.key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
    return sealedPrefix + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
  }

  /** Throws UNAVAILABLE when the text was sealed with another key. */
  open(stored: string): string {
    if (stored.startsWith(openPrefix)) return stored.slice(openPrefix.length);
    try {
      const bytes = Buffer.from(stored.slice(sealedPrefix.length), "base64");
      const decipher = createDecipheriv(cipherName, this.key!, bytes.subarray(0, nonceBytes));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const text = decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8");
      return text + decipher.final("utf8");
    } catch (cause) {
      const message = "The secrets of a destination cannot be opened with ACTIVATION_SECRETS_KEY.";
      throw new DomainError("UNAVAILABLE", message, { cause });
    }
  }
}
