import type { StreamEntry } from "./stream.ts";

/**
 * An entry as it is stored. Its payload is parsed when somebody first looks at it, once for all who do: of most
 * streams no reader looks at every kind of entry, and of some there is often no reader.
 */
export class StoredEntry implements StreamEntry {
  readonly position: number;
  readonly at: Date;
  readonly key: string;
  readonly kind: string;
  private text: string | null;
  private parsed: unknown = null;

  /** `text`: the payload as JSON. */
  constructor(entry: Omit<StreamEntry, "payload">, text: string) {
    this.position = entry.position;
    this.at = entry.at;
    this.key = entry.key;
    this.kind = entry.kind;
    this.text = text;
  }

  get payload(): unknown {
    if (this.text !== null) {
      this.parsed = JSON.parse(this.text);
      this.text = null;
    }
    return this.parsed;
  }
}
