import {
  Directive,
  Field,
  Float,
  ID,
  InputType,
  Int,
  ObjectType,
  registerEnumType,
} from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";

export enum UnitEnum {
  PERSON = "PERSON",
}

registerEnumType(UnitEnum, {
  name: "ExperimentUnit",
  description: "What is assigned to a variation.",
  valuesConfig: { PERSON: { description: "Each person by himself." } },
});

export enum StateEnum {
  DRAFT = "DRAFT",
  RUNNING = "RUNNING",
  STOPPED = "STOPPED",
}

registerEnumType(StateEnum, {
  name: "ExperimentState",
  description: "Where an experiment stands.",
  valuesConfig: {
    DRAFT: { description: "Defined; nobody is assigned." },
    RUNNING: { description: "Whoever is eligible is assigned." },
    STOPPED: { description: "Over; what was given stays." },
  },
});

@ObjectType("Audience", { description: "A set of persons by rule." })
@Directive('@key(fields: "name", resolvable: false)')
export class EligibleAudience {
  @Field(() => String, { description: "Unique name of the audience." })
  name: string;
}

@ObjectType("ExperimentEligibility", { description: "Who may take part." })
export class EligibilityType {
  @Field(() => EligibleAudience, { nullable: true, description: "Its members; null: everybody." })
  audience: EligibleAudience | null;
}

@ObjectType("Variation", { description: "One arm of an experiment." })
export class VariationType {
  @Field(() => String, { description: "Key, unique in the experiment." })
  key: string;

  @Field(() => Float, { description: "Share of the units, 0 to 1." })
  weight: number;

  /** Of which experiment, for the counts. */
  experiment: string;
}

@ObjectType("Experiment", { description: "A comparison of variations on randomly assigned units." })
@Directive('@key(fields: "name")')
export class ExperimentType {
  @Field(() => String, { description: "Unique name." })
  name: string;

  @Field(() => String, { nullable: true, description: "What people read." })
  title: string | null;

  @Field(() => UnitEnum, { description: "What is assigned." })
  unit: UnitEnum;

  @Field(() => StateEnum, { description: "Where it stands." })
  state: StateEnum;

  @Field(() => EligibilityType, { description: "Who may take part." })
  eligibility: EligibilityType;

  @Field(() => [VariationType], { description: "Its arms, in order." })
  variations: VariationType[];

  @Field(() => String, { description: "Seed of the hash (GrowthBook's `seed`)." })
  seed: string;

  @Field(() => Int, { description: "Version of GrowthBook's hash." })
  hashVersion: number;

  @Field(() => Date, { description: "When it was defined." })
  createdAt: Date;

  @Field(() => Date, { nullable: true, description: "When it was started; null: not yet." })
  startedAt: Date | null;

  @Field(() => Date, { nullable: true, description: "When it was stopped; null: not yet." })
  stoppedAt: Date | null;
}

@ObjectType("ExperimentConnection", { description: "A page of experiments, by name." })
export class ExperimentConnection extends connectionOf("Experiment", () => ExperimentType) {}

@ObjectType("Assignment", { description: "The variation of an experiment that a person has." })
export class AssignmentType {
  @Field(() => ExperimentType, { description: "The experiment." })
  experiment: ExperimentType;

  @Field(() => String, { description: "Key of the variation." })
  variation: string;

  @Field(() => Date, {
    description: "When it was given; it stays, whatever the person is merged with.",
  })
  assignedAt: Date;

  @Field(() => Date, {
    nullable: true,
    description: "When the person first saw it while it ran; null: not yet.",
  })
  exposedAt: Date | null;

  @Field(() => Boolean, {
    description:
      "Whether the person had, or saw, more than one variation (two persons found to be one).",
  })
  contaminated: boolean;
}

@ObjectType("Person", { description: "One human, as resolved." })
@Directive('@key(fields: "id")')
export class ExperimentPerson {
  @Field(() => ID, { description: "Id of the person." })
  id: string;
}

@InputType("ExperimentEligibilityInput", { description: "Who may take part." })
export class EligibilityInput {
  @Field(() => String, { nullable: true, description: "Name of an audience; omitted: everybody." })
  audience?: string | null;
}

@InputType("VariationInput", { description: "One arm of an experiment." })
export class VariationInput {
  @Field(() => String, { description: "Key, unique in the experiment, 1–100 characters." })
  key: string;

  @Field(() => Float, { description: "Share of the units, 0 to 1; all together 1." })
  weight: number;
}

@InputType("CreateExperimentInput", { description: "An experiment to define." })
export class CreateExperimentInput {
  @Field(() => String, { description: "Unique name, 1–100 characters." })
  name: string;

  @Field(() => String, { nullable: true, description: "What people read, 1–200 characters." })
  title?: string | null;

  @Field(() => UnitEnum, { defaultValue: UnitEnum.PERSON, description: "What is assigned." })
  unit: UnitEnum;

  @Field(() => EligibilityInput, { nullable: true, description: "Who; omitted: everybody." })
  eligibility?: EligibilityInput | null;

  @Field(() => [VariationInput], { description: "2 to 50 arms." })
  variations: VariationInput[];

  @Field(() => String, { nullable: true, description: "Seed of the hash; omitted: the name." })
  seed?: string | null;

  @Field(() => Int, { defaultValue: 2, description: "Version of GrowthBook's hash, 1 or 2." })
  hashVersion: number;
}

@InputType("StartExperimentInput", { description: "An experiment to start." })
export class StartExperimentInput {
  @Field(() => String, { description: "Its name." })
  name: string;
}

@InputType("StopExperimentInput", { description: "An experiment to stop." })
export class StopExperimentInput {
  @Field(() => String, { description: "Its name." })
  name: string;
}

function payloadOf(name: string) {
  @ObjectType(name, { description: "The experiment, or what to mend." })
  class Payload {
    @Field(() => ExperimentType, { nullable: true, description: "Null when refused." })
    experiment: ExperimentType | null;

    @Field(() => [ProblemType], { description: "What to mend; empty when all went well." })
    problems: ProblemType[];
  }
  return Payload;
}

export const CreateExperimentPayload = payloadOf("CreateExperimentPayload");
export const StartExperimentPayload = payloadOf("StartExperimentPayload");
export const StopExperimentPayload = payloadOf("StopExperimentPayload");
