import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";
import type { StreamEntry } from "../../kernel/streams/stream.ts";
import type { IdentityStore } from "../../subgraphs/identity/store/identity-store.ts";
import { auditContract } from "./store-contract-audit.ts";
import { graphContract } from "./store-contract-graph.ts";
import { readerContract } from "./store-contract-reader.ts";
import { workContract } from "./store-contract-work.ts";

/** A store on a real engine, with its two streams in reach. */
export interface OpenStore {
  store: IdentityStore;
  /** Appends to stream `events` in one transaction. */
  accept(events: readonly AcceptedEvent[]): Promise<void>;
  /** Entries of stream `identity` after a position, once all that was written has got there. */
  announced(after: number): Promise<StreamEntry[]>;
  /** Position of the newest entry of stream `identity`. */
  head(): Promise<number>;
  close(): Promise<void>;
}

/** What every adapter of `IdentityStore` must do, shown on its real engine. */
export function identityStoreContract(name: string, openStore: () => Promise<OpenStore>): void {
  graphContract(name, openStore);
  workContract(name, openStore);
  readerContract(name, openStore);
  auditContract(name, openStore);
}
