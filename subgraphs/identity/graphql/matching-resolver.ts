import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { problem } from "../../../kernel/errors/problem.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Json } from "../../../kernel/federation/scalars.ts";
import { comparatorOf } from "../domain/matching/fields/field-kind.ts";
import type { MatchingModel } from "../domain/matching/scoring/matching-model.ts";
import type { MatchingTraining } from "../service/matching-training.ts";
import type { MatchingModels } from "../store/matching-models.ts";
import type { TrainingRecords } from "../store/training-records.ts";
import {
  type MatchingField,
  MatchingModelConnection,
  MatchingModelType,
  MatchingParameters,
  MatchingProgress,
  toMatchingModel,
  TrainMatchingModelInput,
  TrainMatchingModelPayload,
} from "./matching-types.ts";

const seedMax = 2_147_483_647;

/** The matching model: training it, reading it. */
@Resolver(() => MatchingModelType)
export class MatchingResolver {
  private readonly training: MatchingTraining;
  private readonly models: MatchingModels;
  private readonly records: TrainingRecords;

  constructor(training: MatchingTraining, models: MatchingModels, records: TrainingRecords) {
    this.training = training;
    this.models = models;
    this.records = records;
  }

  @Mutation(() => TrainMatchingModelPayload, {
    description:
      "Learns the matching model anew from the records, in the background; then all records are " +
      "scored and grouped with it. What people have decided stays.",
  })
  @requires("identity:write")
  async trainMatchingModel(
    @Arg("input", () => TrainMatchingModelInput, { description: "How." })
    { seed }: TrainMatchingModelInput,
    @Ctx() context: RequestContext,
  ): Promise<TrainMatchingModelPayload> {
    context.authorise("identity:write");
    if (seed < 0 || seed > seedMax)
      return refuse("SEED_INVALID", "A seed is not negative.", "seed");
    const begun = await this.training.request(seed, context.principal.id);
    if (!begun) return refuse("TRAINING_UNDER_WAY", "A training is under way.");
    return { model: toMatchingModel(begun), problems: [] };
  }

  @Query(() => MatchingModelType, {
    nullable: true,
    description: "One version of the matching model; without a version the one that scores now.",
  })
  @requires("profiles:read")
  async matchingModel(
    @Ctx() context: RequestContext,
    @Arg("version", () => Int, { nullable: true, description: "Which one." })
    version?: number | null,
  ): Promise<MatchingModelType | null> {
    context.authorise("profiles:read");
    const found = await this.models.find(version ?? (await this.models.versionInForce()));
    return found && toMatchingModel(found);
  }

  @Query(() => MatchingModelConnection, {
    description: "Versions of the matching model, newest first.",
  })
  @requires("profiles:read")
  async matchingModels(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first?: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string | null,
  ): Promise<MatchingModelConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const before = decodeCursor("matchingModels", after)?.[0];
    const rows = await this.models.list(size + 1, before === undefined ? null : Number(before));
    return toConnection(
      rows,
      size,
      ({ version }) => encodeCursor("matchingModels", [version]),
      toMatchingModel,
    );
  }

  @FieldResolver(() => MatchingProgress, { description: "How far the records have followed it." })
  progress(@Root() { version }: MatchingModelType): Promise<MatchingProgress> {
    return this.records.progress(version);
  }

  @FieldResolver(() => MatchingParameters, {
    nullable: true,
    description: "What it has learned, to be read and plotted; null while it is being trained.",
  })
  async parameters(@Root() { version }: MatchingModelType): Promise<MatchingParameters | null> {
    const trained = await this.models.body(version);
    return trained && parametersOf(trained.model);
  }

  @FieldResolver(() => Json, {
    nullable: true,
    description:
      "The whole artefact, how common each name and place is included; null without `pii:read`.",
  })
  async artefact(@Root() { version }: MatchingModelType, @Ctx() context: RequestContext) {
    return context.may("pii:read") ? this.models.body(version) : null;
  }
}

function refuse(code: string, message: string, ...path: string[]): TrainMatchingModelPayload {
  return { model: null, problems: [problem(code, message, path)] };
}

function parametersOf(model: MatchingModel): MatchingParameters {
  return {
    prior: model.prior,
    householdShare: model.kinShare,
    slope: model.calibration.slope,
    offset: model.calibration.offset,
    fields: model.schema.fields.map(({ name, kind, columns }, at): MatchingField => {
      const { m, u, weights } = model.fields[at]!;
      const { levels } = comparatorOf(kind);
      return {
        name,
        kind,
        columns: [...columns],
        levels: levels.map((level, code) => ({
          level,
          m: m[code] ?? null,
          u: u[code] ?? null,
          weightBits: weights[code]!,
        })),
      };
    }),
  };
}
