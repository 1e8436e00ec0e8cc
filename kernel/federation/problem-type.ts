import { Directive, Field, ObjectType } from "type-graphql";
import type { Problem } from "../errors/problem.ts";

@ObjectType("Problem", {
  description: "Something the client can act on: what was refused, and why.",
})
@Directive("@shareable")
export class ProblemType implements Problem {
  @Field(() => String, { description: "What kind of problem, in UPPER_SNAKE case; stable." })
  code: string;

  @Field(() => String, { description: "The problem in words, for a person." })
  message: string;

  @Field(() => [String], { description: "Where in the input: names and indexes, outermost first." })
  path: string[];
}
