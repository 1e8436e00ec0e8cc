import type { Transaction } from "../../../kernel/database/database.ts";
import { type Evidence, evidenceKey } from "../domain/evidence.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { SeenRows } from "./graph-cache.ts";
import type { GraphChanges } from "./graph-rows.ts";

/**
 * Most events only say again what is known: then a row's last sighting is all that changes, and it
 * is written by a narrow update in place of a whole row. Gives the changes that are left.
 */
export async function saveSightings(
  tx: Transaction,
  changes: GraphChanges,
  seen: SeenRows,
): Promise<GraphChanges> {
  const identifiers = Map.groupBy(changes.identifiers, (row) =>
    isSeenAgain(seen.identifiers.get(row.key), row),
  );
  const evidence = Map.groupBy(changes.evidence, (row) =>
    isShownAgain(seen.evidence.get(evidenceKey(row)), row),
  );
  await touchIdentifiers(tx, identifiers.get(true) ?? []);
  await touchEvidence(tx, evidence.get(true) ?? []);
  return {
    ...changes,
    identifiers: identifiers.get(false) ?? [],
    evidence: evidence.get(false) ?? [],
  };
}

function isSeenAgain(known: KnownIdentifier | undefined, row: KnownIdentifier): boolean {
  return (
    known !== undefined &&
    known.personId === row.personId &&
    known.originId === row.originId &&
    known.firstSeenAt === row.firstSeenAt &&
    known.sources === row.sources &&
    known.seen === row.seen &&
    known.claims === row.claims &&
    known.generic === row.generic &&
    known.genericCause === row.genericCause
  );
}

function isShownAgain(known: Evidence | undefined, row: Evidence): boolean {
  return (
    known !== undefined &&
    known.firstSeenAt === row.firstSeenAt &&
    known.confidence === row.confidence &&
    known.sources === row.sources &&
    known.messages === row.messages
  );
}

async function touchIdentifiers(tx: Transaction, rows: readonly KnownIdentifier[]): Promise<void> {
  if (rows.length === 0) return;
  tx.write(
    {
      name: "identity-touch-identifiers",
      text: `update identity.identifiers i set last_seen_at = t.at
             from unnest($1::text[], $2::text[]) as t (key, at) where i.key = t.key`,
    },
    [rows.map(({ key }) => key), rows.map(({ lastSeenAt }) => lastSeenAt)],
  );
}

async function touchEvidence(tx: Transaction, rows: readonly Evidence[]): Promise<void> {
  if (rows.length === 0) return;
  tx.write(
    {
      name: "identity-touch-evidence",
      text: `update identity.evidence e
             set last_seen_at = t.at, count = t.count, last_position = t.position
             from unnest(
               $1::text[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::bigint[])
               as t (low, high, rule, at, count, position)
             where e.low_key = t.low and e.high_key = t.high and e.rule = t.rule`,
    },
    [
      rows.map(({ low }) => low),
      rows.map(({ high }) => high),
      rows.map(({ rule }) => rule),
      rows.map(({ lastSeenAt }) => lastSeenAt),
      rows.map(({ count }) => count),
      rows.map(({ lastPosition }) => lastPosition),
    ],
  );
}
