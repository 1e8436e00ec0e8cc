import { Field, ID, ObjectType } from "type-graphql";
import { Channel } from "../../../kernel/federation/channel.ts";
import { ConsentOutcome } from "../../../kernel/federation/consent-outcome.ts";
import { IdentifierRefType } from "../../../kernel/federation/identifier-ref.ts";
import { maskJson, maskText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { Json } from "../../../kernel/federation/scalars.ts";
import type { DecisionShift } from "../domain/standing.ts";
import type { PersonToBe, Preview } from "../service/previews.ts";
import { identifiersShownMax } from "./change-types.ts";
import { IdentityRefusalType } from "./explanation-types.ts";
import { AudienceRef } from "./reference-types.ts";

@ObjectType("TraitToBe", { description: "A trait as it would be." })
export class TraitToBeType {
  @Field(() => String, { description: "Name, as the source writes it." })
  name: string;

  @Field(() => Json, { nullable: true, description: "Value; masked without the scope `pii:read`." })
  value: unknown;

  @Field(() => ID, { description: "Id of the person whose value it is today." })
  from: string;
}

@ObjectType("ConsentShift", { description: "What may be done with somebody, before and after." })
export class ConsentShiftType {
  @Field(() => String, { description: "Name of the purpose." })
  purpose: string;

  @Field(() => Channel, { nullable: true, description: "Channel; null: the purpose as such." })
  channel: Channel | null;

  @Field(() => ConsentOutcome, { nullable: true, description: "What may be done today." })
  before: ConsentOutcome | null;

  @Field(() => ConsentOutcome, { nullable: true, description: "What might be done then." })
  after: ConsentOutcome | null;
}

@ObjectType("MergePreview", { description: "What a merge would do. Nothing has happened." })
export class MergePreviewType {
  @Field(() => Boolean, { description: "Whether `mergePersons` would do it." })
  allowed: boolean;

  @Field(() => [IdentityRefusalType], {
    description:
      "What the rules say against it, which a merge by hand overrules; or why it is not allowed.",
  })
  refusals: IdentityRefusalType[];

  @Field(() => [TraitToBeType], { description: "The golden record as it would be, by name." })
  traits: TraitToBeType[];

  @Field(() => [AudienceRef], { description: "Audiences that `into` is not in, and would be in." })
  audiencesEntered: AudienceRef[];

  @Field(() => [AudienceRef], {
    description: "Audiences that one of the persons is in, and the merged one would not be in.",
  })
  audiencesLeft: AudienceRef[];

  @Field(() => [ConsentShiftType], {
    description: "What may be done with `into`, by purpose and channel, before and after.",
  })
  consentDecisions: ConsentShiftType[];
}

@ObjectType("PersonToBe", { description: "Somebody as he or she would be after a split." })
export class PersonToBeType {
  @Field(() => ID, { nullable: true, description: "Id; null: a person who has none yet." })
  id: string | null;

  @Field(() => [IdentifierRefType], {
    description: "The identifiers, the first 500; masked without `pii:read`.",
  })
  identifiers: IdentifierRefType[];

  @Field(() => [TraitToBeType], { description: "The golden record as it would be, by name." })
  traits: TraitToBeType[];

  @Field(() => [AudienceRef], { description: "Audiences entered, compared with the person now." })
  audiencesEntered: AudienceRef[];

  @Field(() => [AudienceRef], { description: "Audiences left, compared with the person now." })
  audiencesLeft: AudienceRef[];

  @Field(() => [ConsentShiftType], {
    description: "What may be done, by purpose and channel, compared with the person now.",
  })
  consentDecisions: ConsentShiftType[];
}

@ObjectType("SplitPreview", { description: "What a split would do. Nothing has happened." })
export class SplitPreviewType {
  @Field(() => Boolean, { description: "Whether `splitPerson` would do it." })
  allowed: boolean;

  @Field(() => [IdentityRefusalType], { description: "Why it is not allowed; else empty." })
  refusals: IdentityRefusalType[];

  @Field(() => [PersonToBeType], {
    description: "The persons it would be, the one that stays first.",
  })
  persons: PersonToBeType[];
}

export function toMergePreview(preview: Preview, context: RequestContext): MergePreviewType {
  const { allowed, refusals, persons } = preview;
  const [survivor] = persons;
  const person = survivor && toPersonToBe(survivor, context);
  return {
    allowed,
    refusals,
    traits: person?.traits ?? [],
    audiencesEntered: person?.audiencesEntered ?? [],
    audiencesLeft: person?.audiencesLeft ?? [],
    consentDecisions: person?.consentDecisions ?? [],
  };
}

export function toSplitPreview(preview: Preview, context: RequestContext): SplitPreviewType {
  const { allowed, refusals, persons } = preview;
  return { allowed, refusals, persons: persons.map((person) => toPersonToBe(person, context)) };
}

function toPersonToBe(person: PersonToBe, context: RequestContext): PersonToBeType {
  const named = (name: string): AudienceRef => ({ name });
  return {
    id: person.id,
    identifiers: person.identifiers
      .slice(0, identifiersShownMax)
      .map(({ namespace, value }) => ({ namespace, value: maskText(context, value) })),
    traits: person.traits.map(({ name, value, from }) => ({
      name,
      value: maskJson(context, value),
      from,
    })),
    audiencesEntered: person.audiencesEntered.map(named),
    audiencesLeft: person.audiencesLeft.map(named),
    consentDecisions: person.consentDecisions.map(toShift),
  };
}

function toShift({ purpose, channel, before, after }: DecisionShift): ConsentShiftType {
  return {
    purpose,
    channel: channel as Channel | null,
    before: before as ConsentOutcome | null,
    after: after as ConsentOutcome | null,
  };
}
