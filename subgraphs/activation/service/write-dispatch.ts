import type { DeliveryStatusChange } from "../../../kernel/announcements/delivery-status-change.ts";
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
  const { database, lanes, checks, reconciler, clock, metrics } = workshop;
  for (const held of plan.held) {
    await lanes.hold(database, held.ids, held.because);
    metrics.held.inc({ because: held.because }, held.ids.length);
  }
  const toWrite = [plan.send, plan.withhold, plan.refused, plan.stale];
  if (toWrite.every((part) => part.length === 0)) return new Set();
  return database.transaction(async (tx) => {
    const now = clock.now();
    const fenced = plan.send.map(({ delivery, verdict }) => ({
      id: delivery.id,
      claim: delivery.claim,
      decision: verdict,
    }));
    const taken =
      fenced.length === 0 ? new Set<string>() : await lanes.claim(tx, fenced, leaseUntil, now);
    const announcements = await withhold(workshop, tx, plan, now);
    const deferred = plan.withhold.filter((one) => one.deferred).map((one) => one.delivery);
    await checks.wishEach(tx, deferred, new Date(now.getTime() + deferralMs));
    const news = new Map<string, TellingNews>(
      plan.refused.map(({ delivery, verdict }) => [
        tellingKey(delivery),
        { consent: { allowed: false, verdict } },
      ]),
    );
    const strays = plan.stale.filter((delivery) => !delivery.current).map((one) => one.id);
    await workshop.tellings.supersede(tx, strays, "Another message took its place", now);
    for (const delivery of plan.stale.filter((one) => !one.current)) {
      announcements.push(statusChange(delivery, "SUPERSEDED", now));
    }
    const keys = [
      ...plan.stale.filter((one) => one.current),
      ...plan.refused.map((one) => one.delivery),
    ];
    await reconciler.reconcile(tx, keys, { news, announcements });
    return taken;
  });
}

async function withhold(
  { lanes }: Workshop,
  tx: Parameters<Workshop["reconciler"]["reconcile"]>[0],
  plan: DispatchPlan,
  now: Date,
): Promise<DeliveryStatusChange[]> {
  const parked = new Set(
    await lanes.withhold(
      tx,
      plan.withhold.map(({ delivery, verdict }) => ({
        id: delivery.id,
        claim: delivery.claim,
        decision: verdict,
      })),
      now,
    ),
  );
  return plan.withhold
    .filter(({ delivery }) => parked.has(delivery.id))
    .map(({ delivery }) => statusChange(delivery, "WITHHELD", now));
}
