import type { ChangeCause } from "../../../../kernel/announcements/identity-announcements.ts";
import { type Evidence, evidenceRules, pairOf } from "../evidence.ts";
import type { PolicyIndex } from "../identity-policy.ts";
import type { DropReason, Identifier, IdentifierReader } from "../normalise-identifier.ts";
import { compareStrength, type Observation } from "../observation.ts";
import { recordIdentifier, recordName, type SourceRecord } from "./source-record.ts";

/** A record's content, numbered: a higher number is said later. */
export interface RecordStatement extends SourceRecord {
  revision: number;
}

function causeOf(rule: string): ChangeCause {
  return { messageId: null, eventName: null, rule, decision: null };
}

/** What a record says about who is who: it ties each of its identifiers to itself. */
export function observeRecord(
  record: RecordStatement,
  reader: IdentifierReader,
  index: PolicyIndex,
): Observation {
  const self = recordIdentifier(recordName(record));
  const dropped: { namespace: string; reason: DropReason }[] = [];
  const others = new Map<string, Identifier>();
  for (const raw of record.identifiers) {
    const { identifier, dropped: reason } = reader.read(raw);
    if (reason) dropped.push({ namespace: raw.namespace, reason });
    // An account is no person and joins none.
    else if (identifier.kind !== "ACCOUNT") others.set(identifier.key, identifier);
  }
  others.delete(self.key);
  const tied = [...others.values()].sort((a, b) => compareStrength(a, b, index));
  return {
    position: record.revision,
    source: record.source,
    at: record.observedAt,
    cause: causeOf(evidenceRules.sameRecord),
    identifiers: [self, ...tied],
    claimed: new Set(),
    subject: self,
    ties: tied.map((identifier) => tieOf(record, self, identifier, index)),
    traits: record.attributes,
    group: null,
    dropped,
  };
}

function tieOf(
  { observedAt, source, revision }: RecordStatement,
  self: Identifier,
  other: Identifier,
  index: PolicyIndex,
): Evidence {
  const sure = ({ namespace }: Identifier) => index.namespaces.get(namespace)?.confidence ?? 1;
  return {
    ...pairOf(self, other),
    rule: evidenceRules.sameRecord,
    method: "DETERMINISTIC",
    confidence: Math.min(sure(self), sure(other)),
    firstSeenAt: observedAt,
    lastSeenAt: observedAt,
    count: 1,
    sources: [source],
    messages: [],
    lastPosition: revision,
  };
}

/**
 * What an earlier content of a record said, come late: whom it named, and since when. It joins
 * nobody; what the record says now stands.
 */
export function observePast(
  record: SourceRecord,
  reader: IdentifierReader,
  index: PolicyIndex,
): Observation {
  const said = observeRecord({ ...record, revision: 0 }, reader, index);
  const ties = said.ties.map((tie) => ({ ...tie, confidence: 0, count: 0 }));
  return { ...said, ties, traits: {} };
}

/** What the matcher says about two records: one person with that probability; 0 takes it back. */
export interface MatchStatement {
  left: RecordStatement;
  right: RecordStatement;
  probability: number;
}

/** The match as evidence between the two records. */
export function matchEvidence({ left, right, probability }: MatchStatement): Evidence {
  const [one, other] = [left, right].map((record) => recordIdentifier(recordName(record)));
  const times = [left.observedAt, right.observedAt].sort();
  return {
    ...pairOf(one!, other!),
    rule: evidenceRules.recordMatch,
    method: "PROBABILISTIC",
    confidence: probability,
    firstSeenAt: times[1]!,
    lastSeenAt: times[1]!,
    count: probability > 0 ? 1 : 0,
    sources: [...new Set([left.source, right.source])].sort(),
    messages: [],
    lastPosition: Math.max(left.revision, right.revision),
  };
}

/** When and why the match came about. */
export function matchOccasion({ left, right }: MatchStatement) {
  const at = left.observedAt > right.observedAt ? left.observedAt : right.observedAt;
  return { at, cause: causeOf(evidenceRules.recordMatch) };
}
