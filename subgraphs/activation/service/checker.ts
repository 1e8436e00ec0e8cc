import type { Transaction } from "../../../kernel/database/database.ts";
import type { Sync } from "../domain/sync.ts";
import type { Telling, TellingNews } from "../domain/telling.ts";
import type { ConsentCheck } from "../store/postgres-check-store.ts";
import { type ConsentVerdict, leavesOutSent } from "../domain/delivery.ts";
import { addressSuppressed, type Evidence, isAllowed, isDeferred, personGone } from "./evidence.ts";
import { tellingKey } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";
import { deferralMs } from "./write-dispatch.ts";

const batchMax = 200;
const retryMs = 1_000;
const busyMs = 500;

/** What became of the checks of one round. */
interface Answers {
  done: ConsentCheck[];
  /** Nothing was told yet, and a lane may be about to act on an answer from before the change. */
  undecided: ConsentCheck[];
  busy: ConsentCheck[];
  unanswered: ConsentCheck[];
  deferred: ConsentCheck[];
  news: Map<string, TellingNews>;
}

/**
 * Asks consent anew about what was told or withheld, after consent changed: a withdrawal becomes an
 * exit, a grant lets in whom it was withheld from. While consent cannot be asked nothing changes
 * and nothing is forgotten.
 */
export async function checkConsent(workshop: Workshop): Promise<boolean> {
  const { database, checks, syncs, clock, reconciler } = workshop;
  const due = await checks.due(database, clock.now(), batchMax);
  if (due.length === 0) return false;
  const names = [...new Set(due.map((check) => check.telling.sync))];
  const answers: Answers = {
    ...{ done: [], undecided: [], busy: [], unanswered: [], deferred: [] },
    news: new Map(),
  };
  for (const sync of await syncs.byNames(database, names)) {
    if (sync.state === "DELETED") continue;
    await ask(
      workshop,
      sync,
      due.filter((check) => check.telling.sync === sync.name),
      answers,
    );
  }
  await database.transaction(async (tx) => {
    syncs.keep(tx);
    const now = clock.now().getTime();
    await settleUndecided(workshop, tx, answers);
    await checks.done(tx, answers.done);
    await checks.postpone(tx, answers.busy, new Date(now + busyMs));
    await checks.postpone(tx, answers.unanswered, new Date(now + retryMs));
    await checks.postpone(tx, answers.deferred, new Date(now + deferralMs));
    const keys = [...answers.done, ...answers.deferred].map((check) => check.telling);
    await reconciler.reconcile(tx, keys, { news: answers.news });
  });
  return answers.unanswered.length === 0 && due.length === batchMax;
}

/**
 * A lane asks consent itself before it sends; an answer that it got before the change and has not
 * acted upon becomes void here, so that it asks again. What it has acted upon meanwhile is looked
 * at once more.
 */
async function settleUndecided(
  { tellings, lanes }: Workshop,
  tx: Transaction,
  answers: Answers,
): Promise<void> {
  const { done, undecided, deferred, busy } = answers;
  if (undecided.length === 0) return;
  const keys = [...done, ...undecided, ...deferred].map((check) => check.telling);
  await tellings.hold(tx, keys);
  const ids = undecided.map((check) => check.telling.openId!);
  const reached = await lanes.voidDecisions(tx, ids);
  for (const check of undecided) {
    (reached.has(check.telling.openId!) ? done : busy).push(check);
  }
}

async function ask(
  { desk }: Workshop,
  sync: Sync,
  due: readonly ConsentCheck[],
  answers: Answers,
): Promise<void> {
  const busy = due.filter((check) => check.telling.openStatus === "SENDING");
  const idle = due.filter((check) => check.telling.openStatus !== "SENDING");
  const open = idle.filter((check) => concernsConsent(check.telling));
  answers.busy.push(...busy);
  for (const check of idle) {
    if (concernsConsent(check.telling)) continue;
    (isUndecided(check.telling) ? answers.undecided : answers.done).push(check);
  }
  if (open.length === 0) return;
  const { found } = await desk.gather(
    sync,
    open.map((check) => ({ personId: check.telling.personId, operation: "ADD" as const })),
  );
  for (const [index, check] of open.entries()) note(check, found[index] ?? null, answers);
}

/** Who is told in and still a member, and what is withheld or may have been seen. */
function concernsConsent(telling: Telling): boolean {
  if (telling.openStatus === "WITHHELD") return true;
  const mayHaveSeen = telling.told || telling.openTouched;
  return mayHaveSeen && telling.member !== null && telling.survivor === null;
}

function isUndecided({ openStatus }: Telling): boolean {
  return openStatus === "PENDING" || openStatus === "RETRYING";
}

function note(check: ConsentCheck, evidence: Evidence | null, answers: Answers): void {
  if (!evidence?.verdict) {
    answers.unanswered.push(check);
    return;
  }
  const verdict = evidence.person ? verdictNow(check, evidence.verdict) : personGone;
  const deferred = isDeferred(verdict);
  (deferred ? answers.deferred : answers.done).push(check);
  // A deferral (quiet hours) holds back what is new; it takes nobody out who was let in.
  if (deferred && check.telling.told) return;
  answers.news.set(tellingKey(check.telling), {
    consent: { allowed: isAllowed(verdict), verdict, cause: check.cause },
  });
}

/** Who is in with an address that is suppressed since goes out, to be let in without it. */
function verdictNow({ telling, entryVerdict }: ConsentCheck, verdict: ConsentVerdict) {
  const mayBeIn = telling.audience !== null && (telling.told || telling.openTouched);
  const isBarred = mayBeIn && isAllowed(verdict) && leavesOutSent(verdict, entryVerdict);
  return isBarred ? addressSuppressed : verdict;
}
