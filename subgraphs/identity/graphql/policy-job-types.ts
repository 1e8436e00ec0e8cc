import { Field, ID, Int, ObjectType } from "type-graphql";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import type { PolicyRun } from "../store/policy-runs.ts";
import type { PolicySimulation } from "../store/policy-simulations.ts";
import { IdentityChangeKindEnum } from "./enums.ts";
import { IdentityJobStateEnum } from "./policy-enums.ts";
import { AudienceRef, DestinationRef } from "./reference-types.ts";

@ObjectType("IdentityProgress", { description: "How far a job has come." })
export class IdentityProgressType {
  @Field(() => Int, { description: "What was looked at." })
  done: number;

  @Field(() => Int, { description: "What there was to look at when it began." })
  total: number;
}

@ObjectType("IdentityRun", {
  description: "The recomputation of all persons that follows an activation.",
})
export class IdentityRunType {
  @Field(() => ID, { description: "Id of the run." })
  id: string;

  @Field(() => IdentityJobStateEnum, { description: "How it stands." })
  state: IdentityJobStateEnum;

  @Field(() => Int, {
    description: "The version of the policy it brings about.",
  })
  version: number;

  @Field(() => IdentityProgressType, {
    description: "Identifiers it has looked at.",
  })
  progress: IdentityProgressType;

  @Field(() => Int, { description: "Persons that became part of another one." })
  merges: number;

  @Field(() => Int, {
    description: "Persons that were parted from another one.",
  })
  splits: number;

  @Field(() => Int, {
    description: "Components that were too large to look at and are broken up afterwards.",
  })
  oversize: number;

  @Field(() => ID, { description: "Who put the version in force." })
  actor: string;

  @Field(() => DateTime, { description: "When it began." })
  startedAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it ended." })
  endedAt: Date | null;
}

@ObjectType("SimulatedAudience", {
  description: "What a policy would do to an audience.",
})
export class SimulatedAudienceType {
  @Field(() => AudienceRef, { description: "The audience." })
  audience: AudienceRef;

  @Field(() => Int, { description: "Persons that would enter it." })
  entered: number;

  @Field(() => Int, { description: "Persons that would leave it." })
  left: number;
}

@ObjectType("SimulatedChange", {
  description: "One change that a policy would make.",
})
export class SimulatedChangeType {
  @Field(() => IdentityChangeKindEnum, { description: "What it would do." })
  kind: IdentityChangeKindEnum;

  @Field(() => [ID], { description: "The present persons it is about." })
  personIds: string[];

  @Field(() => String, { description: "Why it would be made." })
  reason: string;
}

@ObjectType("IdentitySimulation", {
  description:
    "What a version of the policy would do to the persons there are; nothing is changed.",
})
export class IdentitySimulationType {
  @Field(() => ID, { description: "Id of the simulation." })
  id: string;

  @Field(() => IdentityJobStateEnum, { description: "How it stands." })
  state: IdentityJobStateEnum;

  @Field(() => Int, { description: "The version that is tried out." })
  version: number;

  @Field(() => Int, {
    description: "The version that was in force when it began.",
  })
  against: number;

  @Field(() => IdentityProgressType, {
    description: "Persons it has looked at.",
  })
  progress: IdentityProgressType;

  @Field(() => Int, {
    description: "Persons that would become part of another one.",
  })
  merges: number;

  @Field(() => Int, {
    description: "Persons that would be parted from another one.",
  })
  splits: number;

  @Field(() => Int, {
    description: "Moves of identifiers from one person to another one.",
  })
  moves: number;

  @Field(() => Int, {
    description: "Persons as they are, among those looked at.",
  })
  personsBefore: number;

  @Field(() => Int, {
    description: "Persons as they would be, among those looked at.",
  })
  personsAfter: number;

  @Field(() => Int, {
    description: "Persons whose component is too large to look at; they count as they are.",
  })
  oversize: number;

  @Field(() => [SimulatedAudienceType], {
    description: "Audiences that persons would enter or leave, by name.",
  })
  audiences: SimulatedAudienceType[];

  @Field(() => [DestinationRef], {
    description: "Destinations that would be told, by name.",
  })
  destinations: DestinationRef[];

  @Field(() => Int, {
    description: "Persons whose audiences were asked for: at most 500 of those that would change.",
  })
  audiencesAsked: number;

  @Field(() => Boolean, {
    description: "Whether the audiences of all persons that would change were asked for.",
  })
  audiencesComplete: boolean;

  @Field(() => String, {
    nullable: true,
    description: "What could not be found out, if anything.",
  })
  note: string | null;

  @Field(() => [SimulatedChangeType], {
    description: "The first changes it met, at most 50.",
  })
  examples: SimulatedChangeType[];

  @Field(() => DateTime, { description: "When it began." })
  startedAt: Date;

  @Field(() => DateTime, { nullable: true, description: "When it ended." })
  endedAt: Date | null;
}

export function toRunType(run: PolicyRun): IdentityRunType {
  const { id, state, version, done, total, merges, splits, broken, actor } = run;
  return {
    id,
    state: state as IdentityJobStateEnum,
    version,
    progress: { done, total: Math.max(done, total) },
    merges,
    splits,
    oversize: broken,
    actor,
    startedAt: new Date(run.startedAt),
    endedAt: run.endedAt === null ? null : new Date(run.endedAt),
  };
}

export function toSimulationType(simulation: PolicySimulation): IdentitySimulationType {
  const { id, state, version, against, body } = simulation;
  const { done, total, asked, askedAll, audiences, destinations, examples } = body;
  const { merges, splits, moves, personsBefore, personsAfter, oversize, note } = body;
  const names = Object.keys(audiences).sort();
  return {
    id,
    state: state as IdentityJobStateEnum,
    version,
    against,
    progress: { done, total: Math.max(done, total) },
    merges,
    splits,
    moves,
    personsBefore,
    personsAfter,
    oversize,
    note,
    audiences: names.map((name) => ({
      audience: { name },
      ...audiences[name]!,
    })),
    destinations: destinations.map((name) => ({ name })),
    audiencesAsked: asked,
    audiencesComplete: askedAll,
    examples: examples.map(({ kind, personIds, reason }) => ({
      kind: kind as IdentityChangeKindEnum,
      personIds,
      reason,
    })),
    startedAt: new Date(simulation.startedAt),
    endedAt: simulation.endedAt === null ? null : new Date(simulation.endedAt),
  };
}
