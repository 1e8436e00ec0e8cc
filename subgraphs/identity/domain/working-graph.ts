import type { ChangeStep, Occasion } from "./change-step.ts";
import { decideJoin } from "./decide-join.ts";
import { edgeRank } from "./edge-rank.ts";
import { combineEvidence, type Evidence, evidenceKey, evidenceRules } from "./evidence.ts";
import { FactBook } from "./fact-book.ts";
import { addToRecord } from "./golden-record.ts";
import type { FactSheet } from "./fact.ts";
import { unionGroup } from "./group.ts";
import { IdentifierBook, type Sight } from "./identifier-book.ts";
import type { PolicyIndex } from "./identity-policy.ts";
import { dependsOnTime } from "./limit-window.ts";
import type { Identifier } from "./normalise-identifier.ts";
import type { Observation } from "./observation.ts";
import { partAlone } from "./part-alone.ts";
import { Party, survives } from "./party.ts";
import type { KnownIdentifier, PersonState } from "./person-state.ts";
import type { Component } from "./replan.ts";
import { ReviewBook } from "./review-of-work.ts";
import { rereadEvidence } from "./reread.ts";

/** The part of the graph that a batch touches, as it was before. */
export interface KnownPart {
  identifiers: readonly KnownIdentifier[];
  persons: readonly PersonState[];
  evidence: readonly Evidence[];
  sheets: readonly FactSheet[];
}

/**
 * Resolves a batch of observations, one after the other, against the part of the graph that they
 * touch. Gives the same partition as `partition` over everything; where group summaries cannot
 * tell, the identifiers stand in `staleSeeds` and their components have to be recomputed.
 */
export class WorkingGraph {
  readonly identifiers: IdentifierBook;
  readonly facts: FactBook;
  readonly changedEvidence = new Map<string, Evidence>();
  readonly steps: ChangeStep[] = [];
  readonly review = new ReviewBook();
  /** What has to be recomputed, and the first event that made it so. */
  readonly staleSeeds = new Map<string, Occasion>();
  private readonly evidence = new Map<string, Evidence>();
  private readonly persons = new Map<string, Party>();
  private readonly places = new Map<string, Party>();
  private readonly merged: Party[] = [];
  private readonly index: PolicyIndex;
  private readonly newPersonId: () => string;

  constructor(known: KnownPart, index: PolicyIndex, newPersonId: () => string) {
    this.index = index;
    this.newPersonId = newPersonId;
    this.identifiers = new IdentifierBook(known.identifiers, index);
    this.facts = new FactBook(known.sheets, index.policy);
    for (const person of known.persons) this.persons.set(person.id, Party.of(person));
    for (const { key, personId } of known.identifiers) {
      const party = personId === null ? undefined : this.persons.get(personId);
      if (party) this.places.set(key, party);
    }
    for (const evidence of known.evidence) this.evidence.set(evidenceKey(evidence), evidence);
  }

  /** Takes one observation in. A replay of one that was taken in before changes nothing. */
  observe(observation: Observation): void {
    const fresh: Party[] = [];
    for (const identifier of observation.identifiers) {
      const sight = this.identifiers.see(identifier, observation);
      if (sight === "NEW") {
        const party = Party.fresh(identifier, observation.at, this.index);
        this.places.set(identifier.key, party);
        fresh.push(party);
      } else this.seeAgain(identifier, sight, observation);
    }
    for (const tie of this.identifiers.strongestFirst(observation.ties)) this.tie(tie, observation);
    for (const party of fresh) this.settle(party.now(), observation);
    this.takeFacts(observation);
  }

  /** Where the identifier is now; its id is null when that has to be recomputed. */
  partyOf(key: string): Party | null {
    return this.places.get(key)?.now() ?? null;
  }

  /** The persons that were touched, each once. */
  parties(): Party[] {
    const all = [...this.persons.values(), ...this.places.values()].map((party) => party.now());
    return [...new Set(all)].filter((party) => party.id !== null);
  }

  /** Persons that are part of another one now. */
  merges(): { from: string; to: string; createdAt: string }[] {
    return this.merged.map((party) => ({
      from: party.id!,
      to: party.now().id!,
      createdAt: party.createdAt,
    }));
  }

  /**
   * New identifiers that only a recomputation can place, as a component of their own: where theirs
   * is too large to look at, they stand for themselves until it can be.
   */
  unplaced(): Component {
    const isUnplaced = (key: string) => this.partyOf(key)?.id === null;
    return partAlone(
      isUnplaced,
      this.identifiers.changes(),
      this.changedEvidence.values(),
      this.facts.changes(),
    );
  }

  /** Evidence that says something else from now on: a model's opinion, a record's former tie. */
  restate(evidence: Evidence, occasion: Occasion): void {
    const known = this.evidence.get(evidenceKey(evidence));
    if (!known) return evidence.confidence > 0 ? this.tie(evidence, occasion) : undefined;
    if (known.confidence === evidence.confidence) return;
    this.keep(evidence);
    const claims = Number(evidence.count > 0) - Number(known.count > 0);
    const isTurned = claims !== 0 && this.identifiers.claim(evidence, claims > 0 ? 1 : -1);
    const [could, can] = [this.identifiers.mayJoin(known), this.identifiers.mayJoin(evidence)];
    if (isTurned || could !== can) this.recompute(evidence, occasion);
    else if (can) this.move(evidence, occasion);
  }

  /** A tie that an earlier content of a record named, come late. */
  recall(past: Evidence, occasion: Occasion): void {
    const known = this.evidence.get(evidenceKey(past));
    const evidence = known ? combineEvidence(known, past) : past;
    this.keep(evidence);
    const isEarlier = known && evidence.firstSeenAt !== known.firstSeenAt;
    if (isEarlier && this.identifiers.mayJoin(evidence)) this.move(evidence, occasion);
  }

  /** The sheet says this and nothing else from now on. */
  restateFacts(sheet: FactSheet, occasion: Occasion): void {
    if (this.facts.replace(sheet)) this.markStale(sheet.key, occasion);
  }

  private seeAgain({ key, namespace }: Identifier, sight: Sight, occasion: Occasion): void {
    const party = this.partyOf(key);
    party?.seenAt(occasion.at);
    const isOlder = sight === "EARLIER" && party !== null;
    if (isOlder && dependsOnTime(party.group, namespace, this.index)) this.markStale(key, occasion);
  }

  private keep(evidence: Evidence): void {
    this.evidence.set(evidenceKey(evidence), evidence);
    this.changedEvidence.set(evidenceKey(evidence), evidence);
  }

  private tie(observed: Evidence, { at, cause }: Occasion): void {
    const kept = this.evidence.get(evidenceKey(observed));
    const known = kept && rereadEvidence(kept, this.index);
    if (known && observed.lastPosition <= known.lastPosition) return;
    const evidence = known ? combineEvidence(known, observed) : observed;
    this.keep(evidence);
    const occasion = { at, cause: { ...cause, rule: evidence.rule } };
    const isNews = !known || known.count === 0;
    if (isNews) this.review.meet(evidence);
    else if (known.sources !== evidence.sources) this.review.hear(evidence);
    if (isNews && this.identifiers.claim(evidence, 1)) this.recompute(evidence, occasion);
    if (this.isOutdated(evidence, occasion) || !this.identifiers.mayJoin(evidence)) return;
    const reach = this.identifiers.reachOf(evidence);
    const rank = edgeRank(evidence, reach);
    if (!known || !this.identifiers.mayJoin(known)) this.decide(evidence, rank, reach, occasion);
    else if (edgeRank(known, reach) !== rank) this.move(evidence, occasion);
  }

  /** What was grouped under another policy is looked at anew when it is touched, or waits. */
  private isOutdated({ low, high }: Evidence, occasion: Occasion): boolean {
    const keys = [low, high].filter((key) => !this.identifiers.get(key).generic);
    const parties = keys.map((key) => this.partyOf(key));
    if (parties.some((party) => party?.isWaiting)) return true;
    if (!parties.some((party) => party?.isOutdated(this.index))) return false;
    for (const key of keys) this.markStale(key, occasion);
    return true;
  }

  private decide(evidence: Evidence, rank: string, reach: 0 | 1 | 2, occasion: Occasion): void {
    const [one, other] = [this.partyOf(evidence.low), this.partyOf(evidence.high)];
    if (!one || !other || one.isStale || other.isStale) return this.recompute(evidence, occasion);
    const isAlias = this.identifiers.isAlias(evidence);
    const verdict = decideJoin(one.group, other.group, { rank, reach, isAlias }, this.index);
    if (verdict === "RECOMPUTE") this.recompute(evidence, occasion);
    else this.review.take(verdict, evidence);
    if (verdict === "JOIN") this.join(one, other, rank, occasion);
    else if (verdict !== "RECOMPUTE")
      for (const party of [one, other]) party.touch(rank, verdict === "REFUSE");
  }

  /** Known evidence turns out to be older or surer: it matters only where it was refused. */
  private move(evidence: Evidence, occasion: Occasion): void {
    const [one, other] = [this.partyOf(evidence.low), this.partyOf(evidence.high)];
    const isSettled = one !== null && one === other && !one.isStale;
    if (!isSettled) this.recompute(evidence, occasion);
  }

  private join(a: Party, b: Party, rank: string, { at, cause }: Occasion): void {
    const [survivor, other] = survives(a, b) ? [a, b] : [b, a];
    const { record, changed } = addToRecord(survivor.record, other.record, this.index.policy);
    survivor.takeIn(other, unionGroup(survivor.group, other.group), record);
    survivor.touch(rank, false);
    if (survivor.id === null) return;
    if (changed.length > 0) survivor.note.add(["TRAITS"], changed, at, cause);
    if (other.id !== null) {
      this.merged.push(other);
      this.steps.push({ kind: "MERGE", from: other.id, to: survivor.id, at, cause });
      survivor.note.add(["MERGED", "IDENTIFIERS"], [], at, cause);
      return;
    }
    const keys = other.freshKeys;
    this.steps.push({ kind: "LINK", personId: survivor.id, keys, at, cause });
    this.identifiers.give(keys, survivor.id);
    const kinds = this.identifiers.profileKinds(keys);
    if (kinds.length > 0) survivor.note.add(kinds, [], at, cause);
  }

  /** A party that nobody took in is a new person. */
  private settle(party: Party, { at, cause }: Observation): void {
    if (party.id !== null || party.isStale) return;
    const personId = this.newPersonId();
    const keys = party.freshKeys;
    party.become(personId);
    const rule = keys.length > 1 ? evidenceRules.seenTogether : null;
    this.steps.push({ kind: "CREATE", personId, keys, at, cause: { ...cause, rule } });
    this.identifiers.give(keys, personId);
    party.note.add(["CREATED", ...this.identifiers.profileKinds(keys)], [], at, { ...cause, rule });
  }

  private recompute(evidence: Evidence, occasion: Occasion): void {
    for (const key of [evidence.low, evidence.high]) this.markStale(key, occasion);
  }

  private markStale(key: string, occasion: Occasion): void {
    const party = this.partyOf(key);
    if (party) party.isStale = true;
    if (!this.staleSeeds.has(key)) this.staleSeeds.set(key, occasion);
  }

  private takeFacts(observation: Observation): void {
    const facts = this.facts.take(observation);
    const party = facts && this.partyOf(observation.subject!.key);
    // A stale party's record is made anew from the sheets.
    if (!facts || !party || party.isStale) return;
    const { record, changed } = addToRecord(party.record, facts, this.index.policy);
    party.setRecord(record);
    if (changed.length === 0) return;
    party.note.add(["TRAITS"], changed, observation.at, observation.cause);
  }
}
