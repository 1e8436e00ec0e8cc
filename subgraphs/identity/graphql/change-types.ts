import { Directive, Field, ID, InputType, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { IdentifierInput, IdentifierRefType } from "../../../kernel/federation/identifier-ref.ts";
import { maskFreeText, maskText } from "../../../kernel/federation/mask.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import type { AuditEntry } from "../domain/audit-entry.ts";
import { IdentityChangeKindEnum } from "./enums.ts";
import { PersonType } from "./person-type.ts";

@ObjectType("IdentityChangeCause", { description: "What led to a change." })
export class IdentityChangeCauseType {
  @Field(() => ID, { nullable: true, description: "The event, if one did." })
  messageId: string | null;

  @Field(() => String, { nullable: true, description: "Name of that event." })
  eventName: string | null;

  @Field(() => String, { nullable: true, description: "The rule that drew the conclusion." })
  rule: string | null;

  @Field(() => ID, { nullable: true, description: "The human decision, if one did." })
  decision: string | null;
}

@ObjectType("IdentityChange", { description: "One audited change of the identity graph." })
@Directive('@key(fields: "id")')
export class IdentityChangeType {
  /** What the fields are answered from. */
  entry: Pick<AuditEntry, "id" | "reverts"> & { revertedBy?: string | null };

  @Field(() => ID, { description: "Id of the change." })
  id: string;

  @Field(() => IdentityChangeKindEnum, { description: "What it did." })
  kind: IdentityChangeKindEnum;

  @Field(() => DateTime, { description: "Event time of its cause, or when somebody made it." })
  occurredAt: Date;

  @Field(() => String, { nullable: true, description: "Who made it; null: the rules." })
  actor: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Why, in the words of who made it; addresses and long numbers are masked without `pii:read`.",
  })
  reason: string | null;

  @Field(() => [ID], {
    description: "The persons it is about, the survivor first; ids of that time.",
  })
  personIds: string[];

  @Field(() => [IdentifierRefType], {
    description:
      "Identifiers that went to another person, the first 500; masked without `pii:read`.",
  })
  identifiers: IdentifierRefType[];

  @Field(() => IdentityChangeCauseType, { description: "What led to it." })
  cause: IdentityChangeCauseType;
}

@ObjectType("IdentityChangeConnection", { description: "Changes, newest first." })
export class IdentityChangeConnection extends connectionOf(
  "IdentityChange",
  () => IdentityChangeType,
) {}

@InputType("IdentityChangeFilter", {
  description: "Which changes; every condition given must hold.",
})
export class IdentityChangeFilter {
  @Field(() => ID, { nullable: true, description: "About this person, or one merged into it." })
  personId?: string | null;

  @Field(() => [IdentityChangeKindEnum], { nullable: true, description: "Of these kinds." })
  kinds?: IdentityChangeKindEnum[] | null;
}

@InputType("MergePersonsInput", { description: "Persons that are one." })
export class MergePersonsInput {
  @Field(() => ID, { description: "The person that keeps its id." })
  into: string;

  @Field(() => [ID], { description: "The persons merged into it, 1 to 50." })
  from: string[];

  @Field(() => String, { description: "Why; stands in the audit log. 1–1,000 characters." })
  reason: string;
}

@InputType("SplitPersonInput", { description: "A person that is several." })
export class SplitPersonInput {
  @Field(() => ID, { description: "The person." })
  person: string;

  @Field(() => [IdentifierInput], {
    nullable: true,
    description: "Those of its identifiers that are somebody else's, 1 to 500. Or name `before`.",
  })
  identifiers?: IdentifierInput[] | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "In place of identifiers, a change (LINK, MERGE, UNLINK): what it brought leaves again, as it " +
      "was before. What came later goes with the side that its evidence ties it to.",
  })
  before?: string | null;

  @Field(() => String, { description: "Why; stands in the audit log. 1–1,000 characters." })
  reason: string;
}

@InputType("RevertIdentityChangeInput", { description: "A change to take back." })
export class RevertIdentityChangeInput {
  @Field(() => ID, { description: "Id of the change." })
  change: string;

  @Field(() => String, { nullable: true, description: "Why; stands in the audit log." })
  reason?: string | null;
}

@ObjectType("MergePersonsPayload", { description: "What became of a merge." })
export class MergePersonsPayload {
  @Field(() => PersonType, { nullable: true, description: "The survivor; null when refused." })
  person: PersonType | null;

  @Field(() => IdentityChangeType, {
    nullable: true,
    description: "The change; null when refused.",
  })
  change: IdentityChangeType | null;

  @Field(() => [ProblemType], { description: "Why it was refused." })
  problems: ProblemType[];
}

@ObjectType("SplitPersonPayload", { description: "What became of a split." })
export class SplitPersonPayload {
  @Field(() => [PersonType], { description: "The persons it is now; empty when refused." })
  persons: PersonType[];

  @Field(() => IdentityChangeType, {
    nullable: true,
    description: "The change; null when refused.",
  })
  change: IdentityChangeType | null;

  @Field(() => [ProblemType], { description: "Why it was refused." })
  problems: ProblemType[];
}

/** Identifiers that one entry shows. */
export const identifiersShownMax = 500;

type ChangeSource = Omit<AuditEntry, "revertedBy" | "decision"> & { revertedBy?: string | null };

/** An audit entry, or the announcement of one, as the schema shows it. */
export function toChangeType(entry: ChangeSource, context: RequestContext): IdentityChangeType {
  return {
    entry,
    id: entry.id,
    kind: entry.kind as IdentityChangeKindEnum,
    occurredAt: new Date(entry.occurredAt),
    actor: entry.actor,
    reason: maskFreeText(context, entry.reason),
    personIds: [...entry.personIds],
    // Whoever was erased is named to nobody, not even while it is being done.
    identifiers: (entry.kind === "ERASE" ? [] : entry.moves)
      .slice(0, identifiersShownMax)
      .map(({ namespace, value }) => ({
        namespace,
        value: maskText(context, value),
      })),
    cause: entry.cause,
  };
}
