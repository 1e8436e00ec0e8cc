import { Field, ID, Int, ObjectType } from "type-graphql";
import { AudienceRef } from "./reference-types.ts";

@ObjectType("LineageEvent", { description: "The event at the beginning of a delivery." })
export class LineageEventType {
  @Field(() => String, { description: "Its message id." })
  messageId: string;

  @Field(() => String, {
    nullable: true,
    description: "Its name; of an event without one its type: `identify`.",
  })
  name: string | null;
}

@ObjectType("LineageIdentityChange", { description: "The identity change behind a delivery." })
export class LineageIdentityChangeType {
  @Field(() => ID, { description: "Id of the identity change." })
  id: string;

  /** Its kind, where the ledger remembers it; for the resolver of `kind`. */
  remembered: string | null;
}

@ObjectType("LineageConsentReason", { description: "A reason of a consent decision." })
export class LineageConsentReasonType {
  @Field(() => String, { description: "Stable code." })
  code: string;

  @Field(() => String, { nullable: true, description: "The reason in words." })
  message: string | null;
}

@ObjectType("LineageConsent", {
  description: "What consent decided when the delivery was last due.",
})
export class LineageConsentType {
  @Field(() => String, { description: "ALLOW, ALLOW_REDACTED, DEFER or DENY." })
  outcome: string;

  @Field(() => [LineageConsentReasonType], { description: "Why, the hardest reason first." })
  reasons: LineageConsentReasonType[];
}

@ObjectType("DeliveryLineage", {
  description: "The chain back: event, identity change, audience version, consent decision.",
})
export class LineageType {
  @Field(() => LineageEventType, {
    nullable: true,
    description: "Null when no event led to it: a window ran out, a backfill, a decision by hand.",
  })
  event: LineageEventType | null;

  @Field(() => LineageIdentityChangeType, {
    nullable: true,
    description: "The last change of the person's identity before it. Null: none is known.",
  })
  identityChange: LineageIdentityChangeType | null;

  @Field(() => AudienceRef, {
    nullable: true,
    description: "The audience; null for profile changes.",
  })
  audience: AudienceRef | null;

  @Field(() => Int, {
    nullable: true,
    description: "Version of the audience that was met or left.",
  })
  audienceVersion: number | null;

  @Field(() => [String], { description: "Named traits that changed (profile changes only)." })
  changedTraits: string[];

  @Field(() => LineageConsentType, { nullable: true, description: "Null until it was due." })
  consentDecision: LineageConsentType | null;
}
