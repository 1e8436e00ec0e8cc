import { Directive, Field, ID, InputType } from "type-graphql";
import { IdentifierInput } from "../../../kernel/federation/identifier-ref.ts";
import { DateTime, Json } from "../../../kernel/federation/scalars.ts";

@InputType("PersonBy", { description: "How a person is named: exactly one of the two." })
@Directive("@oneOf")
export class PersonBy {
  @Field(() => ID, {
    nullable: true,
    description: "Id; one that was merged away finds the survivor.",
  })
  id?: string | null;

  @Field(() => IdentifierInput, { nullable: true, description: "Any identifier of the person." })
  identifier?: IdentifierInput | null;
}

@InputType("TraitEqualsInput", { description: "A trait that has a value." })
export class TraitEqualsInput {
  @Field(() => String, { description: "Name of the trait." })
  name: string;

  @Field(() => Json, { description: "The value it has: any JSON but null, compared whole." })
  value: unknown;
}

@InputType("PersonFilter", { description: "Which persons; every condition given must hold." })
export class PersonFilter {
  @Field(() => [IdentifierInput], {
    nullable: true,
    description: "Has any of these identifiers; 100 at most.",
  })
  identifiers?: IdentifierInput[] | null;

  @Field(() => String, { nullable: true, description: "Has an identifier in this namespace." })
  namespace?: string | null;

  @Field(() => [TraitEqualsInput], {
    nullable: true,
    description: "Has all of these traits; 10 at most. Needs the scope `pii:read`.",
  })
  traits?: TraitEqualsInput[] | null;

  @Field(() => DateTime, { nullable: true, description: "Created at or after." })
  createdFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: "Created before." })
  createdBefore?: Date | null;
}
