import type { ChangeCause } from "../../../kernel/announcements/identity-announcements.ts";

/** When and why something happened. */
export interface Occasion {
  at: string;
  cause: ChangeCause;
}

/** What resolution did, in order; the audit entries are written from it. */
export type ChangeStep = Occasion &
  (
    | { kind: "CREATE" | "LINK"; personId: string; keys: readonly string[] }
    | { kind: "MERGE"; from: string; to: string }
  );
