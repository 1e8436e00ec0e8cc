import { newId } from "../../../kernel/ids/new-id.ts";
import { type Evidence, evidenceKey, evidenceRules } from "../domain/evidence.ts";
import type { FactSheet } from "../domain/fact.ts";
import type { PolicyIndex } from "../domain/identity-policy.ts";
import type { Observation } from "../domain/observation.ts";
import {
  matchEvidence,
  matchOccasion,
  type MatchStatement,
  observePast,
  observeRecord,
} from "../domain/records/record-observation.ts";
import type { SourceRecord } from "../domain/records/source-record.ts";
import { WorkingGraph } from "../domain/working-graph.ts";
import type { GraphRequest } from "../store/graph-rows.ts";
import type { IdentityGraph, IdentityStore } from "../store/identity-store.ts";
import type { KnownRecord } from "../store/records.ts";
import { AccountBook } from "./account-book.ts";
import { announcementsOf } from "./audit-writer.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import { siftErased } from "./sift-erased.ts";
import type { Tombstones } from "./tombstones.ts";
import { requestOf, type ResolutionMeter, ResolutionUnit } from "./resolution-unit.ts";

/** A record and what it says now. */
interface Statement {
  record: KnownRecord;
  observation: Observation;
}

/** Tells the graph what records say. What it was told before changes nothing. */
export class RecordResolver {
  private readonly store: IdentityStore;
  private readonly policy: PolicyInForce;
  private readonly meter: ResolutionMeter;
  private readonly tombstones: Tombstones;

  constructor(
    store: IdentityStore,
    policy: PolicyInForce,
    meter: ResolutionMeter,
    tombstones: Tombstones,
  ) {
    this.tombstones = tombstones;
    this.store = store;
    this.policy = policy;
    this.meter = meter;
  }

  /**
   * One unit of work; gives the keys that each record is tied to, by its id. A record that names
   * somebody who was erased since is not told, and missing in the answer.
   */
  tell(
    records: readonly KnownRecord[],
    matches: readonly MatchStatement[],
  ): Promise<Map<number, readonly string[]>> {
    return this.store.write(async (graph) => {
      const index = this.policy.current();
      const statements = await this.statements(graph, records, index);
      const known = await graph.load(requestFor(statements, matches));
      const working = new WorkingGraph(known, index, () => newId("person"));
      const evidence = new Map(known.evidence.map((each) => [evidenceKey(each), each]));
      const accounts = new AccountBook(known, () => newId("account"));
      for (const statement of statements) {
        take(working, statement, evidence);
        accounts.take(statement.observation);
      }
      for (const match of matches) join(working, match);
      await this.finish(graph, working, accounts);
      for (const { observation } of statements) this.count(observation);
      return new Map(
        statements.map(({ record, observation }) => [record.id, tiedKeys(observation)]),
      );
    });
  }

  /** What records said before, come late; in one unit of work. Once more changes nothing. */
  recall(past: readonly SourceRecord[]): Promise<void> {
    return this.store.write(async (graph) => {
      const index = this.policy.current();
      const read = past.map((record) => observePast(record, this.policy.identifiers, index));
      const sifted = await siftErased(graph, this.tombstones, read);
      const observations = read.filter((each, place) => sifted[place] === each);
      const known = await graph.load(requestOf(observations));
      const working = new WorkingGraph(known, index, () => newId("person"));
      for (const { ties, ...observation } of observations) {
        working.observe({ ...observation, ties: [] });
        for (const tie of ties) working.recall(tie, observation);
      }
      await this.finish(graph, working, new AccountBook(known, () => newId("account")));
    });
  }

  private async statements(
    graph: IdentityGraph,
    records: readonly KnownRecord[],
    index: PolicyIndex,
  ): Promise<Statement[]> {
    const observations = records.map((record) =>
      observeRecord(record, this.policy.identifiers, index),
    );
    const sifted = await siftErased(graph, this.tombstones, observations);
    return records.flatMap((record, place) =>
      sifted[place] === observations[place] ? { record, observation: observations[place]! } : [],
    );
  }

  private async finish(
    graph: IdentityGraph,
    working: WorkingGraph,
    accounts: AccountBook,
  ): Promise<void> {
    const unit = new ResolutionUnit(graph, working, this.policy.current(), this.meter);
    const { audit, notes } = await unit.finish(accounts.changes());
    await graph.announce(announcementsOf(audit, notes));
  }

  private count({ dropped }: Observation): void {
    for (const { namespace, reason } of dropped) this.meter.dropped(namespace, reason);
  }
}

function tiedKeys({ identifiers }: Observation): string[] {
  return identifiers.slice(1).map(({ key }) => key);
}

/** Ties the record no longer names. */
function formerTies({ record, observation }: Statement) {
  const now = new Set(tiedKeys(observation));
  const self = observation.subject!.key;
  return record.tied
    .filter((key) => !now.has(key))
    .map((key) => {
      const [low, high] = self < key ? [self, key] : [key, self];
      return { low, high, rule: evidenceRules.sameRecord };
    });
}

function requestFor(
  statements: readonly Statement[],
  matches: readonly MatchStatement[],
): GraphRequest {
  const request = requestOf(statements.map(({ observation }) => observation));
  const edges = [...statements.flatMap(formerTies), ...matches.map(matchEvidence)];
  const keys = edges.flatMap(({ low, high }) => [low, high]);
  return {
    ...request,
    identifierKeys: [...new Set([...request.identifierKeys, ...keys])],
    evidence: [...request.evidence, ...edges],
    sheets: statements.map(({ record, observation }) => ({
      key: observation.subject!.key,
      source: record.source,
    })),
  };
}

function take(
  working: WorkingGraph,
  statement: Statement,
  known: ReadonlyMap<string, Evidence>,
): void {
  const { observation, record } = statement;
  const { at, cause } = observation;
  working.observe(observation);
  for (const tie of formerTies(statement)) {
    const evidence = known.get(evidenceKey(tie));
    if (!evidence) continue;
    const withdrawn = { ...evidence, confidence: 0, count: 0, lastPosition: record.revision };
    working.restate(withdrawn, { at, cause });
  }
  working.restateFacts(sheetOf(statement), { at, cause });
}

function sheetOf({ record, observation }: Statement): FactSheet {
  const said = Object.entries(record.attributes).filter(([, value]) => value !== null);
  return {
    key: observation.subject!.key,
    source: record.source,
    facts: Object.fromEntries(
      said.map(([name, value]) => [name, { value, at: record.observedAt }]),
    ),
  };
}

/** A match with a record that is not in the graph (erased meanwhile) says nothing. */
function join(working: WorkingGraph, match: MatchStatement): void {
  const evidence = matchEvidence(match);
  const isKnown = [evidence.low, evidence.high].every((key) => working.identifiers.has(key));
  if (isKnown) working.restate(evidence, matchOccasion(match));
}
