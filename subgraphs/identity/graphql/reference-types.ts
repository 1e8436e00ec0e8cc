import { Directive, Field, ObjectType } from "type-graphql";

@ObjectType("Source", { description: "A system that sends data." })
@Directive('@key(fields: "name", resolvable: false)')
export class SourceRef {
  @Field(() => String, { description: "Unique name." })
  name: string;
}

@ObjectType("Audience", { description: "A versioned set of persons that meet a rule." })
@Directive('@key(fields: "name", resolvable: false)')
export class AudienceRef {
  @Field(() => String, { description: "Unique name." })
  name: string;
}

@ObjectType("Destination", { description: "Another system that is told about persons." })
@Directive('@key(fields: "name", resolvable: false)')
export class DestinationRef {
  @Field(() => String, { description: "Unique name." })
  name: string;
}

export function sourceRef(name: string): SourceRef {
  return { name };
}
