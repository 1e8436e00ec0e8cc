import { Arg, Ctx, Int, Mutation, Query, Resolver } from "type-graphql";
import {
  badCursor,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { isStorable } from "../domain/experiment.ts";
import type { Answer, ExperimentsService } from "../service/experiments-service.ts";
import {
  CreateExperimentInput,
  CreateExperimentPayload,
  ExperimentConnection,
  ExperimentType,
  StartExperimentInput,
  StartExperimentPayload,
  StopExperimentInput,
  StopExperimentPayload,
} from "./experiment-types.ts";
import { toExperiment } from "./to-graphql.ts";

/** Experiments and their lifecycle. */
@Resolver()
export class ExperimentResolver {
  private readonly service: ExperimentsService;

  constructor(service: ExperimentsService) {
    this.service = service;
  }

  @Query(() => ExperimentType, { nullable: true, description: "The experiment of that name." })
  @requires("profiles:read")
  async experiment(
    @Arg("name", () => String, { description: "Its name." }) name: string,
    @Ctx() context: RequestContext,
  ): Promise<ExperimentType | null> {
    context.authorise("profiles:read");
    const [found] = await this.service.named([name]);
    return found ? toExperiment(found) : null;
  }

  @Query(() => ExperimentConnection, { description: "Experiments, by name." })
  @requires("profiles:read")
  async experiments(
    @Arg("first", () => Int, { nullable: true, description: "Page size, default 20, at most 500." })
    first: number | undefined,
    @Arg("after", () => String, { nullable: true, description: "Cursor of the page before." })
    after: string | undefined,
    @Ctx() context: RequestContext,
  ): Promise<ExperimentConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const rows = await this.service.page(size, nameIn(after));
    return toConnection(rows, size, (row) => encodeCursor("experiments", [row.name]), toExperiment);
  }

  @Mutation(() => CreateExperimentPayload, { description: "Defines an experiment, as a draft." })
  @requires("experiments:write")
  async createExperiment(
    @Arg("input", () => CreateExperimentInput, { description: "The experiment." })
    input: CreateExperimentInput,
    @Ctx() context: RequestContext,
  ): Promise<InstanceType<typeof CreateExperimentPayload>> {
    context.authorise("experiments:write");
    const { name, unit, hashVersion } = input;
    const plan = {
      name,
      unit,
      hashVersion,
      title: input.title ?? null,
      audience: input.eligibility?.audience ?? null,
      variations: input.variations.map(({ key, weight }) => ({ key, weight })),
      seed: input.seed ?? name,
    };
    return toPayload(await this.service.create(plan));
  }

  @Mutation(() => StartExperimentPayload, {
    description: "Starts an experiment: whoever is eligible, now or later, is assigned.",
  })
  @requires("experiments:write")
  async startExperiment(
    @Arg("input", () => StartExperimentInput, { description: "Which." })
    input: StartExperimentInput,
    @Ctx() context: RequestContext,
  ): Promise<InstanceType<typeof StartExperimentPayload>> {
    context.authorise("experiments:write");
    return toPayload(await this.service.start(input.name));
  }

  @Mutation(() => StopExperimentPayload, {
    description: "Stops an experiment for good; assignments stay as they are.",
  })
  @requires("experiments:write")
  async stopExperiment(
    @Arg("input", () => StopExperimentInput, { description: "Which." })
    input: StopExperimentInput,
    @Ctx() context: RequestContext,
  ): Promise<InstanceType<typeof StopExperimentPayload>> {
    context.authorise("experiments:write");
    return toPayload(await this.service.stop(input.name));
  }
}

function toPayload({ experiment, problems }: Answer) {
  return { experiment: experiment && toExperiment(experiment), problems };
}

function nameIn(cursor: string | undefined): string | null {
  const key = decodeCursor("experiments", cursor);
  if (key === null) return null;
  if (typeof key[0] === "string" && isStorable(key[0])) return key[0];
  throw badCursor();
}
