import { Field, Int, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { maskText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import { IdentifierKindEnum } from "./enums.ts";
import { SourceRef, sourceRef } from "./reference-types.ts";

@ObjectType("Identifier", { description: "What sources call a person, device or session." })
export class IdentifierType {
  /** What the fields are answered from. */
  known: KnownIdentifier;

  /** How sure it was at an instant that was asked for; null: ask for the present. */
  pastConfidence: number | null;

  @Field(() => String, { description: "Namespace, such as `email` or `crm_contact_id`." })
  namespace: string;

  @Field(() => String, { description: "Normalised value; masked without the scope `pii:read`." })
  value: string;

  @Field(() => IdentifierKindEnum, { description: "What it stands for." })
  kind: IdentifierKindEnum;

  @Field(() => DateTime, { description: "Event time of the first observation." })
  firstSeenAt: Date;

  @Field(() => DateTime, { description: "Event time of the last observation." })
  lastSeenAt: Date;

  @Field(() => [SourceRef], { description: "Sources that named it, 20 at most." })
  sources: SourceRef[];
}

@ObjectType("IdentifierConnection", {
  description: "Identifiers of a person: of persons first, then of devices, then of sessions.",
})
export class IdentifierConnection extends connectionOf("Identifier", () => IdentifierType) {
  @Field(() => Int, { description: "How many there are in all." })
  totalCount: number;
}

export function toIdentifierType(
  known: KnownIdentifier,
  context: RequestContext,
  pastConfidence: number | null = null,
): IdentifierType {
  return {
    known,
    pastConfidence,
    namespace: known.namespace,
    value: maskText(context, known.value),
    kind: known.kind as IdentifierKindEnum,
    firstSeenAt: new Date(known.firstSeenAt),
    lastSeenAt: new Date(known.lastSeenAt),
    sources: known.sources.map(sourceRef),
  };
}
