import { Directive, Field, ID, ObjectType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { DateTime, Json } from "../../../kernel/federation/scalars.ts";
import type { PastPerson } from "../domain/as-of.ts";
import type { PersonRow } from "../store/identity-reader.ts";
import { SourceRef } from "./reference-types.ts";

@ObjectType("Trait", {
  description: "A fact about a person: the winner among what the sources said.",
})
export class TraitType {
  @Field(() => String, { description: "Name, as the source writes it." })
  name: string;

  @Field(() => Json, { nullable: true, description: "Value; masked without the scope `pii:read`." })
  value: unknown;

  @Field(() => SourceRef, { description: "Who said so." })
  source: SourceRef;

  @Field(() => DateTime, { description: "Event time of the statement." })
  observedAt: Date;
}

@ObjectType("Person", {
  description: "One human, as resolved from the identifiers that systems use for him or her.",
})
@Directive('@key(fields: "id")')
export class PersonType {
  /** What the fields are answered from. */
  row: PersonRow;

  /** As one was at an instant that was asked for; null: as one is now. */
  past: PastPerson | null;

  @Field(() => ID, {
    description: "Id of the person; ids that were merged away lead to the survivor.",
  })
  id: string;

  @Field(() => DateTime, { description: "Event time of the earliest observation." })
  @requires("profiles:read")
  createdAt: Date;
}

@ObjectType("PersonConnection", { description: "Persons, in the order in which they were found." })
export class PersonConnection extends connectionOf("Person", () => PersonType) {}

export function toPersonType(row: PersonRow): PersonType {
  return { row, past: null, id: row.id, createdAt: new Date(row.createdAt) };
}

/** The person as one was: identifiers and traits; all other fields tell of the present. */
export function toPastPersonType(past: PastPerson): PersonType {
  return { ...toPersonType(past), past };
}
