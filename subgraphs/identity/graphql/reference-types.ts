import { Directive, Field, ObjectType } from "type-graphql";

@ObjectType("Source", { description: "A system that sends data." })
@Directive('@key(fields: "name", resolvable: false)')
export class SourceRef {
  @Field(() => String, { description: "Unique name." })
  name: string;
}

export function sourceRef(name: string): SourceRef {
  return { name };
}
