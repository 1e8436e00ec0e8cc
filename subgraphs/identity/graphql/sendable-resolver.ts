import { Arg, Ctx, Directive, Field, ID, ObjectType, Query, Resolver } from "type-graphql";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Json } from "../../../kernel/federation/scalars.ts";
import type { Profiles } from "../service/profiles.ts";

const personsMax = 500;

@ObjectType("SendablePerson", { description: "What may leave of a person." })
@Directive("@inaccessible")
class SendablePersonType {
  @Field(() => ID, { description: "The person." })
  id: string;

  @Field(() => Json, {
    description: "`[{ namespace, value }]`, at most 500, in the order of `Person.identifiers`.",
  })
  identifiers: unknown;

  @Field(() => Json, {
    description: "Values by name; of those asked for, the ones that are known.",
  })
  traits: unknown;
}

/** What activation asks before each send: one statement a kind of row, few fields a person. */
@Resolver()
export class SendableResolver {
  private readonly profiles: Profiles;

  constructor(profiles: Profiles) {
    this.profiles = profiles;
  }

  @Query(() => [SendablePersonType], {
    nullable: "items",
    description:
      "What is named of each person, in order; null: nobody has that id (any more). For other subgraphs.",
  })
  @requires("pii:read")
  @Directive("@inaccessible")
  sendablePersons(
    @Arg("ids", () => [ID], { description: "Persons, at most 500." }) ids: string[],
    @Arg("namespaces", () => [String], { description: "Identifiers of these namespaces." })
    namespaces: string[],
    @Arg("traits", () => [String], { description: "Traits of these names." }) traits: string[],
    @Ctx() context: RequestContext,
  ): Promise<(SendablePersonType | null)[]> {
    context.authorise("profiles:read");
    context.authorise("pii:read");
    if (ids.length > personsMax) {
      throw new DomainError("BAD_INPUT", `At most ${personsMax} persons can be asked for at once.`);
    }
    return this.profiles.sendable(ids, namespaces, traits);
  }
}
