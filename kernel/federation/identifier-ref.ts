import { Directive, Field, InputType, ObjectType } from "type-graphql";

@ObjectType("IdentifierRef", { description: "An identifier by namespace and normalised value." })
@Directive("@shareable")
export class IdentifierRefType {
  @Field(() => String, { description: "Namespace, such as `email` or `crm_contact_id`." })
  namespace: string;

  @Field(() => String, { description: "Normalised value; masked without the scope `pii:read`." })
  value: string;
}

@InputType("IdentifierInput", {
  description: "What a source calls someone; the value is normalised by its namespace's rule.",
})
export class IdentifierInput {
  @Field(() => String, { description: "Namespace, such as `email` or `crm_contact_id`." })
  namespace: string;

  @Field(() => String, { description: "Value as the source writes it, 1–512 characters." })
  value: string;
}
