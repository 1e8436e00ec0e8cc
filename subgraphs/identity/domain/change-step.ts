import type { ChangeCause } from "../../../kernel/announcements/identity-announcements.ts";

/** What resolution did, in order; the audit entries are written from it. */
export type ChangeStep = { at: string; cause: ChangeCause } & (
  | { kind: "CREATE" | "LINK"; personId: string; keys: readonly string[] }
  | { kind: "MERGE"; from: string; to: string }
);
