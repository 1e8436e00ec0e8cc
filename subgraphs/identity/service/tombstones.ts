import { createHmac } from "node:crypto";
import type { Session } from "../../../kernel/database/database.ts";

const tokenCharacters = 20;

/** Knows erased identifiers again by a keyed hash; without the key the hash says nothing. */
export class Tombstones {
  private readonly secret: string;

  constructor(secret: string) {
    this.secret = secret;
  }

  /** With the secret that the identity schema keeps. */
  static async open(session: Session): Promise<Tombstones> {
    const [row] = await session.query<{ value: string }>(
      "select value from identity.secrets where name = 'tombstones'",
    );
    return new Tombstones(row!.value);
  }

  hashOf(identifierKey: string): string {
    return createHmac("sha256", this.secret).update(identifierKey).digest("hex");
  }

  /** What stands in the place of an erased value: the same for the same identifier. */
  tokenOf(identifierKey: string): string {
    return `erased-${this.hashOf(identifierKey).slice(0, tokenCharacters)}`;
  }
}
