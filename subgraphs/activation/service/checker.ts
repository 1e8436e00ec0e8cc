import type { Sync } from "../domain/sync.ts";
import type { Telling, TellingNews } from "../domain/telling.ts";
import type { ConsentCheck } from "../store/postgres-check-store.ts";
import { type Evidence, isAllowed, isDeferred, personGone } from "./evidence.ts";
import { tellingKey } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";
import { deferralMs } from "./write-dispatch.ts";

const batchMax = 200;
const retryMs = 1_000;
const busyMs = 500;

/** What became of the checks of one round. */
interface Answers {
  done: ConsentCheck[];
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
  const answers: Answers = { done: [], busy: [], unanswered: [], deferred: [], news: new Map() };
  for (const sync of await syncs.byNames(database, names)) {
    await ask(
      workshop,
      sync,
      due.filter((check) => check.telling.sync === sync.name),
      answers,
    );
  }
  await database.transaction(async (tx) => {
    const now = clock.now().getTime();
    await checks.done(tx, answers.done);
    await checks.postpone(tx, answers.busy, new Date(now + busyMs));
    await checks.postpone(tx, answers.unanswered, new Date(now + retryMs));
    await checks.postpone(tx, answers.deferred, new Date(now + deferralMs));
    const keys = [...answers.done, ...answers.deferred].map((check) => check.telling);
    await reconciler.reconcile(tx, keys, { news: answers.news });
  });
  return answers.unanswered.length === 0 && due.length === batchMax;
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
  answers.done.push(...idle.filter((check) => !concernsConsent(check.telling)));
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

function note(check: ConsentCheck, evidence: Evidence | null, answers: Answers): void {
  if (!evidence?.verdict) {
    answers.unanswered.push(check);
    return;
  }
  const verdict = evidence.person ? evidence.verdict : personGone;
  const deferred = isDeferred(verdict);
  (deferred ? answers.deferred : answers.done).push(check);
  // A deferral (quiet hours) holds back what is new; it takes nobody out who was let in.
  if (deferred && check.telling.told) return;
  const allowed = isAllowed(verdict);
  answers.news.set(tellingKey(check.telling), { consent: { allowed, verdict } });
}
