import { Directive, Field, ID, ObjectType } from "type-graphql";

@ObjectType("Person", { description: "One human, as resolved." })
@Directive('@key(fields: "id")')
export class PersonType {
  @Field(() => ID, { description: "Id of the person." })
  id: string;
}

@ObjectType("Audience", { description: "A versioned set of persons that meet a rule." })
@Directive('@key(fields: "name", resolvable: false)')
export class AudienceRef {
  @Field(() => String, { description: "Unique name." })
  name: string;
}

@ObjectType("Purpose", { description: "What something about a person is used for." })
@Directive('@key(fields: "name", resolvable: false)')
export class PurposeRef {
  @Field(() => String, { description: "Unique name." })
  name: string;
}
