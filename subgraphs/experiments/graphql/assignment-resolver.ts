import { Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { PersonAssignment } from "../domain/assignment.ts";
import type { Experiment } from "../domain/experiment.ts";
import type { ExperimentsService } from "../service/experiments-service.ts";
import type { VariationCount } from "../store/experiment-store.ts";
import { AssignmentType, ExperimentPerson, VariationType } from "./experiment-types.ts";
import { toAssignment } from "./to-graphql.ts";

/** What a person takes part in. */
@Resolver(() => ExperimentPerson)
export class AssignmentResolver {
  private readonly service: ExperimentsService;

  constructor(service: ExperimentsService) {
    this.service = service;
  }

  @FieldResolver(() => [AssignmentType], {
    nullable: true,
    description: "The person's experiments, the oldest assignment first.",
  })
  @requires("profiles:read")
  async assignments(
    @Root() person: ExperimentPerson,
    @Ctx() context: RequestContext,
  ): Promise<AssignmentType[]> {
    context.authorise("profiles:read");
    const loader = context.loader<string, PersonAssignment[]>("assignments", (personIds) =>
      this.service.assignments(personIds),
    );
    const found = await loader.load(person.id);
    const experiments = await Promise.all(
      found.map((one) => this.experiments(context).load(one.experiment)),
    );
    return found.map((one, index) => toAssignment(one, experiments[index]!));
  }

  private experiments(context: RequestContext) {
    return context.loader<string, Experiment>("experiments", async (names) => {
      const found = await this.service.named(names);
      const byName = new Map(found.map((experiment) => [experiment.name, experiment]));
      return names.map((name) => byName.get(name) ?? new Error(`no experiment ${name}`));
    });
  }
}

/** How many persons a variation has. */
@Resolver(() => VariationType)
export class VariationResolver {
  private readonly service: ExperimentsService;

  constructor(service: ExperimentsService) {
    this.service = service;
  }

  @FieldResolver(() => Int, { description: "Persons assigned to it." })
  @requires("profiles:read")
  async assignedCount(
    @Root() variation: VariationType,
    @Ctx() context: RequestContext,
  ): Promise<number> {
    context.authorise("profiles:read");
    return (await this.countOf(variation, context))?.assigned ?? 0;
  }

  @FieldResolver(() => Int, { description: "Persons assigned to it who saw the experiment." })
  @requires("profiles:read")
  async exposedCount(
    @Root() variation: VariationType,
    @Ctx() context: RequestContext,
  ): Promise<number> {
    context.authorise("profiles:read");
    return (await this.countOf(variation, context))?.exposed ?? 0;
  }

  private async countOf(
    { experiment, key }: VariationType,
    context: RequestContext,
  ): Promise<VariationCount | undefined> {
    const loader = context.loader<string, VariationCount[]>("variation-counts", (names) =>
      Promise.all(names.map((name) => this.service.variationCounts(name))),
    );
    return (await loader.load(experiment)).find((count) => count.variation === key);
  }
}
