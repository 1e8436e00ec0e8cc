import type { Platform } from "../../../kernel/module/subgraph-module.ts";
import { Explanations } from "../service/explanations.ts";
import type { PersonRecords } from "../service/person-records.ts";
import type { PolicyInForce } from "../service/policy-in-force.ts";
import type { Profiles } from "../service/profiles.ts";
import { ReviewActs } from "../service/review-acts.ts";
import { ReviewConsequences } from "../service/review-consequences.ts";
import { ReviewDesk } from "../service/review-desk.ts";
import { ReviewQueue } from "../service/review-queue.ts";
import { StewardActs } from "../service/steward-acts.ts";
import type { WhatIf } from "../service/what-if.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { ReviewItems } from "../store/review-items.ts";
import { ReviewListing } from "../store/review-listing.ts";
import { ReviewConnectionFields, ReviewItemFields, ReviewSideFields } from "./review-fields.ts";
import { ReviewResolver } from "./review-resolver.ts";

/** The review queue's part of the schema. */
export function reviewResolvers(parts: {
  platform: Platform;
  store: IdentityStore;
  policy: PolicyInForce;
  profiles: Profiles;
  records: { persons: PersonRecords };
  whatIf: WhatIf;
}): object[] {
  const { platform, store, policy, profiles, records, whatIf } = parts;
  const { database, clock } = platform;
  const acts = new ReviewActs(new StewardActs(policy, clock), policy, clock);
  const [items, listing] = [new ReviewItems(database), new ReviewListing(database)];
  const desk = new ReviewDesk(store, items, acts, clock);
  const queue = new ReviewQueue(listing, items, store.reader);
  const explanations = new Explanations(store.reader, policy);
  return [
    new ReviewResolver({ desk, queue, listing, profiles }),
    new ReviewItemFields(explanations, new ReviewConsequences(profiles, whatIf)),
    new ReviewSideFields(profiles, records.persons),
    new ReviewConnectionFields(),
  ];
}
