import { Field, ObjectType, registerEnumType } from "type-graphql";
import { IdentifierRefType } from "../../../kernel/federation/identifier-ref.ts";
import { maskText } from "../../../kernel/federation/mask.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import type { Drift } from "../domain/undoing.ts";
import { IdentityChangeType, identifiersShownMax } from "./change-types.ts";
import { PersonType } from "./person-type.ts";

export enum RevertDifferenceKindEnum {
  IDENTIFIERS_JOINED = "IDENTIFIERS_JOINED",
  IDENTIFIERS_GONE = "IDENTIFIERS_GONE",
  EVIDENCE_SINCE = "EVIDENCE_SINCE",
  FACTS_SINCE = "FACTS_SINCE",
}
registerEnumType(RevertDifferenceKindEnum, {
  name: "RevertDifferenceKind",
  description: "How things differ from what was before the change that was taken back.",
  valuesConfig: {
    IDENTIFIERS_JOINED: {
      description: "Identifiers came since; they went with the side their evidence ties them to",
    },
    IDENTIFIERS_GONE: { description: "Identifiers have left since; they stay where they are" },
    EVIDENCE_SINCE: {
      description: "Evidence or decisions came since that hold identifiers elsewhere than before",
    },
    FACTS_SINCE: { description: "Facts came since; they stay with their identifiers" },
  },
});

@ObjectType("RevertDifference", {
  description: "Something that is not as it was before the change that was taken back.",
})
export class RevertDifferenceType {
  @Field(() => RevertDifferenceKindEnum, { description: "What has happened since." })
  kind: RevertDifferenceKindEnum;

  @Field(() => [IdentifierRefType], {
    description: "The identifiers concerned, the first 500; masked without `pii:read`.",
  })
  identifiers: IdentifierRefType[];

  @Field(() => [String], { description: "Names of the traits that the facts are about." })
  traits: string[];
}

@ObjectType("RevertIdentityChangePayload", { description: "What became of taking a change back." })
export class RevertIdentityChangePayload {
  @Field(() => [PersonType], { description: "The persons it was about, as they are now." })
  persons: PersonType[];

  @Field(() => IdentityChangeType, {
    nullable: true,
    description: "The new change; null when refused.",
  })
  change: IdentityChangeType | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Whether all is as it was before the change; null when refused.",
  })
  exact: boolean | null;

  @Field(() => [RevertDifferenceType], {
    description: "What has come or gone since the change; empty when exact.",
  })
  differences: RevertDifferenceType[];

  @Field(() => [ProblemType], { description: "Why it was refused." })
  problems: ProblemType[];
}

export function toDifference(
  { kind, keys, traits }: Drift,
  context: RequestContext,
): RevertDifferenceType {
  const refOf = (key: string) => {
    const colon = key.indexOf(":");
    return { namespace: key.slice(0, colon), value: maskText(context, key.slice(colon + 1)) };
  };
  return {
    kind: kind as RevertDifferenceKindEnum,
    identifiers: keys.slice(0, identifiersShownMax).map(refOf),
    traits,
  };
}
