/** What somebody wants to do with a person. */
export interface ConsentRequest {
  purpose: string;
  /** Null: the purpose as such, not by a certain channel. */
  channel: string | null;
  /** Identifier keys it would be sent to; empty: the person's own are judged. */
  addresses: readonly string[];
  /**
   * The asker leaves out the addresses that it is told to: of several of a namespace one that is
   * free is enough.
   */
  leavesOut: boolean;
  /** `DE`, `US-CA`; null: unknown, and then the strictest rule of each kind holds. */
  jurisdiction: string | null;
  /** REMOVE takes somebody out somewhere and is never refused. */
  operation: "ADD" | "REMOVE";
  topic: string | null;
  destination: {
    role: "PROCESSOR" | "THIRD_PARTY";
    /** Vendor number in the TCF's global vendor list. */
    tcfVendor: number | null;
    /** Further purposes that this destination needs. */
    requires: readonly string[];
  };
  /** Fields that would be sent. */
  fields: readonly { name: string; isSpecial: boolean }[];
}

/** A request of the plainest kind: the purpose, on that channel, to a processor of ours. */
export function requestFor(purpose: string, channel: string | null): ConsentRequest {
  return {
    purpose,
    channel,
    addresses: [],
    leavesOut: false,
    jurisdiction: null,
    operation: "ADD",
    topic: null,
    destination: { role: "PROCESSOR", tcfVendor: null, requires: [] },
    fields: [],
  };
}
