import { Arg, Ctx, Directive, Field, InputType, ObjectType, Query, Resolver } from "type-graphql";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import { Channel } from "../../../kernel/federation/channel.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { HypotheticalConsent } from "../service/hypothetical-consent.ts";
import { OutcomeEnum } from "./consent-enums.ts";

const personsMax = 100;
const keysMax = 20_000;

@InputType("ConsentHypothesis", { description: "Somebody who might be." })
@Directive("@inaccessible")
export class ConsentHypothesis {
  @Field(() => [String], { description: "Keys of the identifiers that would be the person's." })
  keys: string[];
}

@ObjectType("HypotheticalDecision", { description: "What might be done with somebody." })
@Directive("@inaccessible")
export class HypotheticalDecisionType {
  @Field(() => String, { description: "Name of the purpose." })
  purpose: string;

  @Field(() => Channel, { nullable: true, description: "Channel; null: the purpose as such." })
  channel: Channel | null;

  @Field(() => OutcomeEnum, { description: "What might be done." })
  outcome: OutcomeEnum;
}

/** What other subgraphs ask before they change who is who. */
@Resolver()
export class HypotheticalConsentResolver {
  private readonly consent: HypotheticalConsent;

  constructor(consent: HypotheticalConsent) {
    this.consent = consent;
  }

  @Query(() => [[HypotheticalDecisionType]], {
    description:
      "What would be decided, by purpose and channel, if identifiers were grouped like this; one " +
      "list a person, in order. For other subgraphs.",
  })
  @requires("profiles:read")
  @Directive("@inaccessible")
  async hypotheticalDecisions(
    @Arg("persons", () => [ConsentHypothesis], {
      description: "At most 100, with 20,000 identifiers together.",
    })
    persons: ConsentHypothesis[],
    @Ctx() context: RequestContext,
  ): Promise<HypotheticalDecisionType[][]> {
    context.authorise("profiles:read");
    const keys = persons.reduce((sum, person) => sum + person.keys.length, 0);
    if (persons.length > personsMax || keys > keysMax) {
      const text = `At most ${personsMax} persons with ${keysMax} identifiers together.`;
      throw new DomainError("BAD_INPUT", text);
    }
    const found = await this.consent.of(persons.map((person) => person.keys));
    return found.map((decisions) =>
      decisions.map(({ purpose, channel, outcome }) => ({
        purpose,
        channel: channel as Channel | null,
        outcome: outcome as OutcomeEnum,
      })),
    );
  }
}
