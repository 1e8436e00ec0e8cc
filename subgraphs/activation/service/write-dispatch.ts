import type { DeliveryStatusChange } from "../../../kernel/announcements/delivery-status-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { TellingNews } from "../domain/telling.ts";
import type { DispatchPlan } from "./dispatch-plan.ts";
import { statusChange, tellingKey } from "./reconciler.ts";
import type { Workshop } from "./workshop.ts";

/** A verdict that only time changes is asked for again after this. */
export const deferralMs = 5 * 60_000;

/**
 * Writes what was decided about a batch, in one transaction, before the first byte leaves: what is
 * taken for sending, what is withheld, what is no longer so. Gives the ids taken.
 */
export async function writeDispatch(
  workshop: Workshop,
  plan: DispatchPlan,
  leaseUntil: Date,
): Promise<Set<string>> {
  const { database, lanes, syncs, tellings, clock, metrics } = workshop;
  for (const held of plan.held) {
    await lanes.hold(database, held.ids, held.because);
    metrics.held.inc({ because: held.because }, held.ids.length);
  }
  const decided = [...plan.send, ...plan.withhold, ...plan.refused].map((one) => one.delivery);
  const all = [...decided, ...plan.stale];
  if (all.length === 0) return new Set();
  return database.transaction(async (tx) => {
    syncs.keep(tx);
    const now = clock.now();
    await tellings.hold(tx, all);
    const taken = await claim(workshop, tx, plan, leaseUntil, now);
    const announcements = await withhold(workshop, tx, plan, now);
    await settleStale(workshop, tx, plan, announcements, now);
    return taken;
  });
}

async function claim(
  { lanes }: Workshop,
  tx: Transaction,
  plan: DispatchPlan,
  leaseUntil: Date,
  now: Date,
): Promise<Set<string>> {
  if (plan.send.length === 0) return new Set();
  const fenced = plan.send.map(({ delivery, verdict }) => ({
    id: delivery.id,
    claim: delivery.claim,
    decision: verdict,
  }));
  return lanes.claim(tx, fenced, leaseUntil, now);
}

async function withhold(
  { lanes, checks }: Workshop,
  tx: Transaction,
  plan: DispatchPlan,
  now: Date,
): Promise<DeliveryStatusChange[]> {
  const fenced = plan.withhold.map(({ delivery, verdict }) => ({
    id: delivery.id,
    claim: delivery.claim,
    decision: verdict,
  }));
  const parked = new Set(await lanes.withhold(tx, fenced, now));
  const deferred = plan.withhold
    .filter((one) => one.deferred && parked.has(one.delivery.id))
    .map((one) => one.delivery);
  await checks.wishEach(tx, deferred, new Date(now.getTime() + deferralMs));
  return plan.withhold
    .filter(({ delivery }) => parked.has(delivery.id))
    .map(({ delivery }) => statusChange(delivery, "WITHHELD", now));
}

/** What is no longer so, or no longer allowed, is reconciled; what was replaced is settled. */
async function settleStale(
  { tellings, lanes, reconciler }: Workshop,
  tx: Transaction,
  plan: DispatchPlan,
  announcements: DeliveryStatusChange[],
  now: Date,
): Promise<void> {
  const strays = plan.stale.filter((delivery) => !delivery.current);
  const ids = strays.map((delivery) => delivery.id);
  tellings.supersede(tx, ids, "Another message took its place", now);
  announcements.push(...strays.map((delivery) => statusChange(delivery, "SUPERSEDED", now)));
  const news = new Map<string, TellingNews>(
    plan.refused.map(({ delivery, verdict }) => [
      tellingKey(delivery),
      { consent: { allowed: false, verdict } },
    ]),
  );
  const current = plan.stale.filter((delivery) => delivery.current);
  const keys = [...current, ...plan.refused.map((one) => one.delivery)];
  await lanes.abandon(tx, keys, now);
  await reconciler.reconcile(tx, keys, { news, announcements });
}
