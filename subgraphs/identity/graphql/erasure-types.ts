import { maskFreeText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from "type-graphql";
import { IdentifierInput } from "../../../kernel/federation/identifier-ref.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import type { Erasure } from "../domain/erasure.ts";

export enum ErasureStateEnum {
  PENDING = "PENDING",
  RUNNING = "RUNNING",
  DONE = "DONE",
}
registerEnumType(ErasureStateEnum, {
  name: "ErasureState",
  description: "How far an erasure is, as a whole or in one store.",
  valuesConfig: {
    PENDING: { description: "It waits for its turn" },
    RUNNING: { description: "It is being carried out" },
    DONE: { description: "Nothing is left there" },
  },
});

@InputType("ErasureSubjectInput", { description: "Whom to erase: exactly one of the two." })
@Directive("@oneOf")
export class ErasureSubjectInput {
  @Field(() => ID, {
    nullable: true,
    description: "A person, with all identifiers that nobody else uses.",
  })
  person?: string | null;

  @Field(() => IdentifierInput, {
    nullable: true,
    description: "One identifier, whoever uses it; the rest of its person stays.",
  })
  identifier?: IdentifierInput | null;
}

@InputType("EraseInput", { description: "Whom to erase, and why." })
export class EraseInput {
  @Field(() => ErasureSubjectInput, { description: "Whom." })
  subject: ErasureSubjectInput;

  @Field(() => String, {
    description: "Why, 1–1,000 characters, such as the number of a request. It is kept.",
  })
  reason: string;
}

@ObjectType("ErasureStore", { description: "One place where personal data is kept." })
export class ErasureStoreType {
  @Field(() => String, {
    description:
      "destinations (told before identifiers go), identity, traits, events, consent, audiences, " +
      "experiments, activation, audit, stream, records.",
  })
  name: string;

  @Field(() => ErasureStateEnum, { description: "How far it is there." })
  state: ErasureStateEnum;
}

@ObjectType("Erasure", { description: "The removal of all personal data of somebody." })
export class ErasureType {
  @Field(() => ID, { description: "Id of the erasure." })
  id: string;

  @Field(() => ErasureStateEnum, { description: "DONE when every store is." })
  state: ErasureStateEnum;

  @Field(() => [ErasureStoreType], { description: "Every store, in the order of the work." })
  stores: ErasureStoreType[];

  @Field(() => ID, {
    nullable: true,
    description: "The person, or the one whose identifier it was; null: it was nobody's.",
  })
  personId: string | null;

  @Field(() => String, { description: "Why, in the words of who asked for it." })
  reason: string;

  @Field(() => String, { description: "Who asked for it." })
  actor: string;

  @Field(() => DateTime, {
    description: "When it was asked for: what happened up to then is not taken in again.",
  })
  createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was done; null: not yet." })
  finishedAt: Date | null;
}

@ObjectType("ErasePayload", { description: "What became of the wish to erase somebody." })
export class ErasePayload {
  @Field(() => ErasureType, {
    nullable: true,
    description: "The erasure, which goes on in the background; null when refused.",
  })
  erasure: ErasureType | null;

  @Field(() => [ProblemType], { description: "Why it was refused." })
  problems: ProblemType[];
}

export function toErasureType(erasure: Erasure, context: RequestContext): ErasureType {
  const { id, personId, reason, actor, finishedAt } = erasure;
  return {
    id,
    personId,
    reason: maskFreeText(context, reason),
    actor,
    state: erasure.state as ErasureStateEnum,
    stores: erasure.stores.map(({ name, state }) => ({ name, state: state as ErasureStateEnum })),
    createdAt: new Date(erasure.createdAt),
    finishedAt: finishedAt === null ? null : new Date(finishedAt),
  };
}
