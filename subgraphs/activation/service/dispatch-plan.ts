import { type ConsentVerdict, leavesOutSent } from "../domain/delivery.ts";
import type { Sync } from "../domain/sync.ts";
import { webhookBody } from "../domain/webhook-message.ts";
import type { DueDelivery } from "../store/due-delivery.ts";
import {
  addressSuppressed,
  type Evidence,
  type EvidenceDesk,
  isAllowed,
  isDeferred,
  personGone,
  withSent,
} from "./evidence.ts";

/** A delivery about to leave. */
export interface Dispatch {
  delivery: DueDelivery;
  verdict: ConsentVerdict | null;
  body: string;
}

/** What becomes of a batch of due deliveries. */
export interface DispatchPlan {
  send: Dispatch[];
  /** Consent refuses; nobody has seen them. */
  withhold: { delivery: DueDelivery; verdict: ConsentVerdict; deferred: boolean }[];
  /** Consent refuses, and the endpoint may have seen an earlier attempt. */
  refused: { delivery: DueDelivery; verdict: ConsentVerdict }[];
  /** No longer so: to be reconciled. */
  stale: DueDelivery[];
  held: { because: "CONSENT_UNREACHABLE" | "IDENTITY_UNREACHABLE"; ids: string[] }[];
}

/** Decides at send time, with fresh evidence, what becomes of each due delivery. */
export async function planDispatch(
  desk: EvidenceDesk,
  syncs: ReadonlyMap<string, Sync>,
  due: readonly DueDelivery[],
): Promise<DispatchPlan> {
  const plan: DispatchPlan = { send: [], withhold: [], refused: [], stale: [], held: [] };
  const groups = new Map<string, DueDelivery[]>();
  for (const delivery of due) {
    if (!isStillSo(delivery) || !syncs.has(delivery.sync)) plan.stale.push(delivery);
    else groups.set(delivery.sync, [...(groups.get(delivery.sync) ?? []), delivery]);
  }
  await Promise.all(
    [...groups].map(([name, deliveries]) => planSync(desk, syncs.get(name)!, deliveries, plan)),
  );
  return plan;
}

/** Whether the message would still be true. One that may have been seen is finished in any case. */
function isStillSo(delivery: DueDelivery): boolean {
  if (!delivery.current) return false;
  const member = delivery.member && delivery.survivor === null;
  switch (delivery.kind) {
    case "ENTERED":
      return member;
    case "EXITED":
      return delivery.touched || !member || delivery.refused;
    case "PROFILE":
      return delivery.survivor === null;
  }
}

async function planSync(
  desk: EvidenceDesk,
  sync: Sync,
  deliveries: readonly DueDelivery[],
  plan: DispatchPlan,
): Promise<void> {
  const { found, held } = await desk.gather(
    sync,
    deliveries.map((delivery) => ({
      personId: delivery.personId,
      operation: delivery.kind === "EXITED" ? ("REMOVE" as const) : ("ADD" as const),
    })),
  );
  const ids: string[] = [];
  for (const [index, delivery] of deliveries.entries()) {
    const evidence = found[index] ?? null;
    if (evidence) judge(sync, delivery, evidence, plan);
    else ids.push(delivery.id);
  }
  if (held && ids.length > 0) plan.held.push({ because: held, ids });
}

function judge(
  sync: Sync,
  delivery: DueDelivery,
  { person, verdict }: Evidence,
  plan: DispatchPlan,
): void {
  if (delivery.kind === "EXITED") {
    const gone = { id: delivery.personId, identifiers: [], traits: {} };
    const shown = delivery.decision ?? verdict;
    plan.send.push({ delivery, verdict: shown, body: bodyOf(sync, delivery, person ?? gone) });
    return;
  }
  const judged = person ? verdict! : personGone;
  const isSeenEntry = delivery.touched && delivery.kind === "ENTERED";
  if (person && isAllowed(judged)) {
    if (isSeenEntry && leavesOutSent(judged, delivery.decision)) {
      plan.refused.push({ delivery, verdict: addressSuppressed });
      return;
    }
    const isEntry = delivery.kind === "ENTERED";
    const noted = isEntry ? withSent(judged, person, delivery.decision) : judged;
    plan.send.push({ delivery, verdict: noted, body: bodyOf(sync, delivery, person) });
  } else if (isSeenEntry) {
    plan.refused.push({ delivery, verdict: judged });
  } else {
    plan.withhold.push({ delivery, verdict: judged, deferred: isDeferred(judged) });
  }
}

function bodyOf(
  sync: Sync,
  delivery: DueDelivery,
  person: Parameters<typeof webhookBody>[0]["person"],
): string {
  const version = delivery.cause.audienceVersion ?? delivery.memberVersion;
  return webhookBody({
    kind: delivery.kind,
    occurredAt: delivery.occurredAt.toISOString(),
    person,
    audience: sync.audience === null ? null : { name: sync.audience, version },
    deliveryId: delivery.id,
  });
}
