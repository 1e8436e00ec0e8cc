import { Arg, Ctx, ID, Mutation, Query, Resolver } from "type-graphql";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { SimulationAnswer, Simulations } from "../service/simulations.ts";
import type { PolicyRuns } from "../store/policy-runs.ts";
import type { PolicySimulations } from "../store/policy-simulations.ts";
import {
  CancelIdentitySimulationInput,
  IdentitySimulationPayload,
  SimulateIdentityPolicyInput,
} from "./policy-inputs.ts";
import {
  IdentityRunType,
  IdentitySimulationType,
  toRunType,
  toSimulationType,
} from "./policy-job-types.ts";

interface JobParts {
  runs: PolicyRuns;
  simulations: PolicySimulations;
  jobs: Simulations;
}

/** What policies would do, and what they are doing. */
@Resolver()
export class PolicyJobResolver {
  private readonly parts: JobParts;

  constructor(parts: JobParts) {
    this.parts = parts;
  }

  @Query(() => IdentityRunType, {
    nullable: true,
    description: "The recomputation that an activation began.",
  })
  @requires("profiles:read")
  async identityRun(
    @Arg("id", () => ID, { description: "Id of the run." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<IdentityRunType | null> {
    context.authorise("profiles:read");
    const run = await this.parts.runs.find(id);
    return run && toRunType(run);
  }

  @Query(() => IdentitySimulationType, {
    nullable: true,
    description: "A simulation, with what it has found so far.",
  })
  @requires("profiles:read")
  async identitySimulation(
    @Arg("id", () => ID, { description: "Id of the simulation." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<IdentitySimulationType | null> {
    context.authorise("profiles:read");
    const simulation = await this.parts.simulations.find(id);
    return simulation && toSimulationType(simulation);
  }

  @Mutation(() => IdentitySimulationPayload, {
    description:
      "Begins to find out what a version would do to the persons there are; nothing is changed.",
  })
  @requires("identity:write")
  async simulateIdentityPolicy(
    @Arg("input", () => SimulateIdentityPolicyInput, {
      description: "Which one.",
    })
    input: SimulateIdentityPolicyInput,
    @Ctx() context: RequestContext,
  ): Promise<IdentitySimulationPayload> {
    context.authorise("identity:write");
    return toPayload(await this.parts.jobs.begin(input, context.principal.id));
  }

  @Mutation(() => IdentitySimulationPayload, {
    description: "Stops a simulation.",
  })
  @requires("identity:write")
  async cancelIdentitySimulation(
    @Arg("input", () => CancelIdentitySimulationInput, {
      description: "Which one.",
    })
    { id }: CancelIdentitySimulationInput,
    @Ctx() context: RequestContext,
  ): Promise<IdentitySimulationPayload> {
    context.authorise("identity:write");
    return toPayload(await this.parts.jobs.cancel(id));
  }
}

function toPayload({ simulation, problems }: SimulationAnswer): IdentitySimulationPayload {
  return { simulation: simulation && toSimulationType(simulation), problems };
}
