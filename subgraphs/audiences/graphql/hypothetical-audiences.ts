import { Arg, Ctx, Directive, Field, InputType, Query, Resolver } from "type-graphql";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Json } from "../../../kernel/federation/scalars.ts";
import type { HypotheticalAudiences } from "../service/hypothetical-audiences.ts";

const personsMax = 100;
const keysMax = 20_000;

@InputType("AudienceHypothesis", { description: "Somebody who might be." })
@Directive("@inaccessible")
export class AudienceHypothesis {
  @Field(() => [String], { description: "Keys of the identifiers that would be the person's." })
  keys: string[];

  @Field(() => Json, { description: "The golden record as it would be: values by trait." })
  traits: unknown;
}

/** What other subgraphs ask before they change who is who. */
@Resolver()
export class HypotheticalAudiencesResolver {
  private readonly audiences: HypotheticalAudiences;

  constructor(audiences: HypotheticalAudiences) {
    this.audiences = audiences;
  }

  @Query(() => [[String]], {
    description:
      "Names of the audiences that persons would be in now if identifiers were grouped like this; " +
      "one list a person, in order. For other subgraphs.",
  })
  @requires("profiles:read")
  @Directive("@inaccessible")
  hypotheticalAudiences(
    @Arg("persons", () => [AudienceHypothesis], {
      description: "At most 100, with 20,000 identifiers together.",
    })
    persons: AudienceHypothesis[],
    @Ctx() context: RequestContext,
  ): Promise<string[][]> {
    context.authorise("profiles:read");
    const keys = persons.reduce((sum, person) => sum + person.keys.length, 0);
    if (persons.length > personsMax || keys > keysMax) {
      const text = `At most ${personsMax} persons with ${keysMax} identifiers together.`;
      throw new DomainError("BAD_INPUT", text);
    }
    return this.audiences.of(
      persons.map(({ keys: own, traits }) => ({
        keys: own,
        traits: (traits ?? {}) as Record<string, unknown>,
      })),
    );
  }
}
