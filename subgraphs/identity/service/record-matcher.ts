import type { MatchStatement } from "../domain/records/record-observation.ts";
import type { KnownRecord } from "../store/records.ts";

/** Finds which records are of one person. */
export class RecordMatcher {
  async match(_records: readonly KnownRecord[]): Promise<void> {}

  async untold(): Promise<MatchStatement[]> {
    return [];
  }

  async told(_matches: readonly MatchStatement[]): Promise<void> {}
}
