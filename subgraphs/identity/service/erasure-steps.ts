import type { Platform } from "../../../kernel/module/subgraph-module.ts";
import {
  type ErasedSubject,
  type ErasureStep,
  goneKeys,
} from "../../../kernel/privacy/erased-subject.ts";
import { Redactor } from "../../../kernel/privacy/redactor.ts";
import { sweepSchema } from "../../../kernel/privacy/sweep-schema.ts";
import { scrubStream } from "../../../kernel/streams/scrub-stream.ts";
import type { Erasure, ErasureStore, ErasureWork } from "../domain/erasure.ts";
import { redactedAudit, scrubbedEntry } from "../domain/scrubbed.ts";
import type { Erasures } from "../store/erasures.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { eraseOwnTables, sweptElsewhere } from "../store/erase-own-tables.ts";
import { eraseMentions } from "./erase-mentions.ts";
import { EraseUnit } from "./erase-unit.ts";
import type { StepOutcome, StoreStep } from "./erasure-worker.ts";
import type { PolicyInForce } from "./policy-in-force.ts";
import type { Tombstones } from "./tombstones.ts";

export interface ErasureParts {
  platform: Pick<Platform, "database" | "streams" | "subgraphs" | "clock">;
  store: IdentityStore;
  erasures: Erasures;
  policy: PolicyInForce;
  tombstones: Tombstones;
}

/** Streams whose readers may still have in hand what was said before the erasure. */
const barrierStreams = ["identity", "consent", "memberships", "deliveries"] as const;

const documents = {
  destinations: leave("leaveDestinations"),
  events: leave("eraseInEvents"),
  consent: leave("eraseInConsent"),
  audiences: leave("eraseInAudiences"),
  experiments: leave("eraseInExperiments"),
  activation: leave("eraseInActivation"),
} as const;

function leave(field: string): string {
  return `mutation Erase($subject: JSON!, $next: String) { step: ${field}(subject: $subject, next: $next) }`;
}

/** What an erasure does at each store. */
export function erasureSteps(parts: ErasureParts): Record<ErasureStore, StoreStep> {
  const remote =
    (name: "events" | "consent" | "audiences" | "experiments" | "activation"): StoreStep =>
    async (erasure) => {
      const work = erasure.work!;
      if (!(await isPosted(parts, erasure)) || !(await isBehindBarrier(parts, work))) {
        return "WAITING";
      }
      return noted(work, await ask(parts, name, name, erasure));
    };
  return {
    destinations: (erasure) => leaveDestinations(parts, erasure),
    identity: (erasure) => eraseGraph(parts, erasure),
    traits: (erasure) => scrubTraits(parts, erasure),
    events: remote("events"),
    consent: remote("consent"),
    audiences: remote("audiences"),
    experiments: remote("experiments"),
    activation: remote("activation"),
    audit: (erasure) => scrubAudit(parts, erasure),
    stream: (erasure) => scrubOwnStream(parts, erasure),
    records: (erasure) => eraseRecords(parts, erasure),
  };
}

/** Whom the other subgraphs are asked to forget. */
export function subjectOf({ id, work }: Erasure): ErasedSubject {
  const { identifiers, personIds, remainingPersonId, erasedAt } = work!;
  return { erasureId: id, identifiers, personIds, remainingPersonId, erasedAt };
}

async function ask(
  { platform }: ErasureParts,
  subgraph: string,
  duty: keyof typeof documents,
  erasure: Erasure,
): Promise<ErasureStep> {
  const { step } = await platform.subgraphs.ask<{ step: ErasureStep }>(subgraph, documents[duty], {
    subject: subjectOf(erasure),
    next: erasure.work!.next,
  });
  return step;
}

function noted(work: ErasureWork, { isDone, next }: ErasureStep): StepOutcome {
  work.next = next;
  return isDone ? "DONE" : "GOES_ON";
}

/** Destinations are told while there are still identifiers to tell them by; but not for ever. */
async function leaveDestinations(parts: ErasureParts, erasure: Erasure): Promise<StepOutcome> {
  const work = erasure.work!;
  if (work.target.identifierKey !== null || work.personIds.length === 0) return "DONE";
  const { isDone } = await ask(parts, "activation", "destinations", erasure);
  return isDone || parts.platform.clock.now().toISOString() > work.exitsUntil ? "DONE" : "WAITING";
}

async function eraseGraph(parts: ErasureParts, erasure: Erasure): Promise<StepOutcome> {
  const work = erasure.work!;
  work.headBefore = Math.min(work.headBefore, await parts.platform.streams.head("identity"));
  const outcome = await parts.store.write((graph) =>
    new EraseUnit(graph, parts.policy, parts.tombstones, erasure).run(),
  );
  if (!outcome.isDone) {
    erasure.work = outcome.work;
    return "GOES_ON";
  }
  work.changeIds = outcome.changeIds;
  return "DONE";
}

async function scrubTraits(parts: ErasureParts, erasure: Erasure): Promise<StepOutcome> {
  const work = erasure.work!;
  work.next = await parts.store.write((graph) =>
    eraseMentions(graph, parts.policy, redactorOf(work), work),
  );
  return work.next === null ? "DONE" : "GOES_ON";
}

/** Whether the ERASE entry stands on the stream, from where the others learn of it. */
async function isPosted({ erasures }: ErasureParts, erasure: Erasure): Promise<boolean> {
  const work = erasure.work!;
  if (work.position !== null) return true;
  const about = work.personIds[0] ?? work.remainingPersonId ?? work.target.personId ?? erasure.id;
  work.position = await erasures.positionOfChange(about, work.changeIds[0]!, work.headBefore);
  return work.position !== null;
}

/**
 * Whether everybody has read what stood on the streams when this store's turn came: nothing that is
 * still under way can bring back what the store forgets.
 */
async function isBehindBarrier(
  { platform, erasures }: ErasureParts,
  work: ErasureWork,
): Promise<boolean> {
  if (work.barrier === null) {
    const heads = await Promise.all(barrierStreams.map((name) => platform.streams.head(name)));
    work.barrier = Object.fromEntries(barrierStreams.map((name, at) => [name, heads[at]!]));
  }
  return erasures.haveBeenRead(work.barrier);
}

async function scrubAudit({ store }: ErasureParts, erasure: Erasure): Promise<StepOutcome> {
  const work = erasure.work!;
  const redactor = redactorOf(work);
  const { digits } = redactor;
  // What is about them names their ids, whatever else it says.
  const parts = [...redactor.parts, ...personsOf(work)];
  const after = Number(work.next ?? 0);
  const next = await store.write(async (graph) => {
    const { erasing } = graph;
    if (after === 0) {
      await erasing.scrubDecisions({ parts, digits }, (reason) => redactor.text(reason));
    }
    return erasing.scrubAudit({ after, parts, digits }, (entry) => {
      noteCompanions(work, entry.personIds);
      return redactedAudit(entry, redactor, personsOf(work));
    });
  });
  work.next = next === null ? null : String(next);
  if (next === null) return "DONE";
  return next === after ? "WAITING" : "GOES_ON";
}

async function scrubOwnStream({ platform }: ErasureParts, erasure: Erasure): Promise<StepOutcome> {
  const work = erasure.work!;
  const redactor = redactorOf(work);
  const own = [...personsOf(work), ...(work.remainingPersonId ? [work.remainingPersonId] : [])];
  const companions = work.companionIds ?? [];
  const about = {
    persons: new Set(own),
    companions: new Set(companions),
    changeIds: new Set(work.changeIds),
  };
  const step = await scrubStream(
    platform.database,
    "identity",
    {
      upTo: work.position ?? 0,
      parts: redactor.parts,
      digits: redactor.digits,
      keys: [...own, ...companions],
      rewrite: (entry) => scrubbedEntry(entry, redactor, about),
    },
    work.next,
  );
  return noted(work, step);
}

async function eraseRecords({ platform }: ErasureParts, erasure: Erasure): Promise<StepOutcome> {
  const work = erasure.work!;
  if (work.next === null) await eraseOwnTables(platform.database, goneKeys(subjectOf(erasure)));
  const redactor = redactorOf(work);
  return noted(
    work,
    await sweepSchema(platform.database, "identity", redactor, work.next, sweptElsewhere),
  );
}

function redactorOf({ identifiers }: ErasureWork): Redactor {
  return new Redactor(identifiers.filter(({ isGone }) => isGone));
}

function personsOf({ personIds, formerIds }: ErasureWork): string[] {
  return [...personIds, ...formerIds];
}

function noteCompanions(work: ErasureWork, personIds: readonly string[]): void {
  const own = new Set(personsOf(work));
  if (!personIds.some((id) => own.has(id))) return;
  const others = personIds.filter((id) => !own.has(id));
  work.companionIds = [...new Set([...(work.companionIds ?? []), ...others])];
}
