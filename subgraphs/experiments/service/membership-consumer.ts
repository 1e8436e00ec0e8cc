import type { MembershipChange } from "../../../kernel/announcements/membership-change.ts";
import type { Transaction } from "../../../kernel/database/database.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import { assignEligible } from "./assign-eligible.ts";
import type { ExperimentsContext } from "./experiments-context.ts";

/** Follows who is in which audience; who enters that of a running experiment is assigned. */
export async function followMemberships(
  context: ExperimentsContext,
  transaction: Transaction,
  entries: readonly StreamEntry[],
): Promise<void> {
  const changes = entries
    .filter((entry) => entry.kind === "MEMBERSHIP")
    .map((entry) => entry.payload as MembershipChange);
  if (changes.length === 0) return;
  const { store } = context;
  await store.lockAssigning(transaction);
  store.saveMemberships(
    transaction,
    changes.map(({ audience, personId, kind }) => ({
      audience,
      personId,
      isMember: kind === "ENTERED",
    })),
  );
  const running = await store.started(transaction);
  const eligible = changes
    .filter((change) => change.kind === "ENTERED")
    .flatMap(({ audience, personId }) =>
      running
        .filter((experiment) => experiment.state === "RUNNING" && experiment.audience === audience)
        .map((experiment) => ({ experiment, personId })),
    );
  await assignEligible(context, transaction, eligible);
}
