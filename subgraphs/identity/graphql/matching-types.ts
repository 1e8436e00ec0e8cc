import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import type { ModelVersion } from "../store/matching-models.ts";

export enum MatchingModelStateEnum {
  TRAINING = "TRAINING",
  RESCORING = "RESCORING",
  ACTIVE = "ACTIVE",
  FAILED = "FAILED",
}
registerEnumType(MatchingModelStateEnum, {
  name: "MatchingModelState",
  description: "How far a version of the matching model is.",
  valuesConfig: {
    TRAINING: { description: "It is being learned from the records" },
    RESCORING: { description: "It scores what is new; all other records follow" },
    ACTIVE: { description: "All records are scored and grouped with it, or were" },
    FAILED: { description: "It could not be learned; the one before stays" },
  },
});

@ObjectType("MatchingProgress", { description: "How far the work after a training is." })
export class MatchingProgress {
  @Field(() => Int, { description: "Steps done." })
  done: number;

  @Field(() => Int, { description: "Steps in all: each record is scored once and grouped once." })
  total: number;
}

@ObjectType("MatchingLevel", { description: "One way in which two values may be alike." })
export class MatchingLevel {
  @Field(() => String, { description: "How alike." })
  level: string;

  @Field(() => Float, {
    nullable: true,
    description: "Share of the pairs of one person that are; null where several levels share it.",
  })
  m: number | null;

  @Field(() => Float, {
    nullable: true,
    description: "Share of the pairs of two persons that are; null where several levels share it.",
  })
  u: number | null;

  @Field(() => Float, { description: "Bits for (positive) or against one person, log2(m / u)." })
  weightBits: number;
}

@ObjectType("MatchingField", { description: "What a model knows about one field." })
export class MatchingField {
  @Field(() => String, { description: "Name of the field." })
  name: string;

  @Field(() => String, { description: "How it is compared: name, date, email, postcode …" })
  kind: string;

  @Field(() => [String], { description: "Columns it is read from." })
  columns: string[];

  @Field(() => [MatchingLevel], { description: "By level of agreement, closest first." })
  levels: MatchingLevel[];
}

@ObjectType("MatchingParameters", { description: "All that a trained model has learned." })
export class MatchingParameters {
  @Field(() => Float, { description: "Chance that two records are of one person." })
  prior: number;

  @Field(() => Float, { description: "Chance that they are of two persons of one household." })
  householdShare: number;

  @Field(() => Float, {
    description: "Calibration: probability = 1 / (1 + 2^-(slope · bits + offset)).",
  })
  slope: number;

  @Field(() => Float, { description: "Calibration: see `slope`." })
  offset: number;

  @Field(() => [MatchingField], { description: "By field." })
  fields: MatchingField[];
}

@ObjectType("MatchingModel", {
  description:
    "One version of the matching model; byte for byte the same for the same records and seed.",
})
export class MatchingModelType {
  row: ModelVersion;

  @Field(() => ID, { description: "Id, made of the version." })
  id: string;

  @Field(() => Int, { description: "Version, from 1; 0 is what holds before any training." })
  version: number;

  @Field(() => MatchingModelStateEnum, { description: "How far it is." })
  state: MatchingModelStateEnum;

  @Field(() => Int, { description: "Seed of the training." })
  seed: number;

  @Field(() => Int, { description: "Records there were when it was trained." })
  recordCount: number;

  @Field(() => String, {
    nullable: true,
    description: "Who asked for it; null: it came by itself.",
  })
  requestedBy: string | null;

  @Field(() => DateTime, { description: "When the training began." })
  createdAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When all records followed it." })
  finishedAt: Date | null;

  @Field(() => String, { nullable: true, description: "Why it failed." })
  problem: string | null;

  @Field(() => String, { nullable: true, description: "SHA-256 of the artefact, in hex." })
  digest: string | null;
}

@ObjectType("MatchingModelConnection", { description: "Versions of the model, newest first." })
export class MatchingModelConnection extends connectionOf(
  "MatchingModel",
  () => MatchingModelType,
) {}

@InputType("TrainMatchingModelInput", { description: "How to train." })
export class TrainMatchingModelInput {
  @Field(() => Int, {
    defaultValue: 1,
    description: "Seed: the same records and seed give the same model.",
  })
  seed: number;
}

@ObjectType("TrainMatchingModelPayload", { description: "The training that has begun." })
export class TrainMatchingModelPayload {
  @Field(() => MatchingModelType, { nullable: true, description: "The version under way." })
  model: MatchingModelType | null;

  @Field(() => [ProblemType], { description: "Why none has begun." })
  problems: ProblemType[];
}

export function toMatchingModel(row: ModelVersion): MatchingModelType {
  return {
    row,
    id: `matching_model_${row.version}`,
    version: row.version,
    state: row.state as MatchingModelStateEnum,
    seed: row.seed,
    recordCount: row.recordCount,
    requestedBy: row.requestedBy,
    createdAt: new Date(row.createdAt),
    finishedAt: row.finishedAt === null ? null : new Date(row.finishedAt),
    problem: row.problem,
    digest: row.digest,
  };
}
