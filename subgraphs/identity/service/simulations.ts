import { newId } from "../../../kernel/ids/new-id.ts";
import { type Problem, problem } from "../../../kernel/errors/problem.ts";
import type { Logger } from "../../../kernel/logging/logger.ts";
import type { Clock } from "../../../kernel/time/clock.ts";
import { indexPolicy, type PolicyIndex } from "../domain/identity-policy.ts";
import type { GraphScan } from "../store/graph-scan.ts";
import type { IdentityReader } from "../store/identity-reader.ts";
import { Loop, type StepOutcome } from "../../../kernel/time/loop.ts";
import type { Policies } from "../store/policies.ts";
import type {
  PolicySimulation,
  PolicySimulations,
  SimulationBody,
} from "../store/policy-simulations.ts";
import { SimulationStep } from "./simulation-step.ts";
import type { WhatIf } from "./what-if.ts";

const pollIntervalMs = 2_000;
const runningMax = 10;
/** A step may take as long as the pause after it: the simulation goes behind everything else. */
const budgetMs = 50;
/** Failures in a row after which a simulation is given up. */
const failuresMax = 5;

export interface SimulationAnswer {
  simulation: PolicySimulation | null;
  problems: Problem[];
}

export interface SimulationsParts {
  simulations: PolicySimulations;
  policies: Policies;
  reader: IdentityReader;
  scan: GraphScan;
  whatIf: Pick<WhatIf, "standingsOf" | "destinationsOf">;
  clock: Clock;
  logger: Logger;
}

/** What a policy would do, as jobs in the background. They go on after a restart. */
export class Simulations {
  private readonly parts: SimulationsParts;
  private readonly loop: Loop;
  private index: PolicyIndex | null = null;
  private failures = 0;

  constructor(parts: SimulationsParts) {
    this.parts = parts;
    this.loop = new Loop(() => this.step(), pollIntervalMs);
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  async isSettled(): Promise<boolean> {
    return this.loop.isEnding || (await this.parts.simulations.next()) === null;
  }

  async begin(
    { version, sample }: { version: number; sample?: number | null },
    actor: string,
  ): Promise<SimulationAnswer> {
    const { policies, simulations, scan, clock } = this.parts;
    if (!(await policies.find(version))) {
      const text = "There is no such version of the policy.";
      return refused(problem("POLICY_UNKNOWN", text, ["version"]));
    }
    if (sample != null && sample < 1) {
      return refused(problem("VALUE_INVALID", "A sample has at least one person.", ["sample"]));
    }
    if ((await simulations.countRunning()) >= runningMax) {
      const text = `${runningMax} simulations are running; wait for one of them or cancel it.`;
      return refused(problem("TOO_MANY", text, ["version"]));
    }
    const simulation: PolicySimulation = {
      id: newId("simulation"),
      version,
      against: (await policies.active()).version,
      sample: sample ?? null,
      actor,
      state: "RUNNING",
      startedAt: clock.now().toISOString(),
      endedAt: null,
      cursor: "",
      body: freshBody(await scan.countPersons()),
    };
    await simulations.begin(simulation);
    this.loop.wake();
    return { simulation, problems: [] };
  }

  async cancel(id: string): Promise<SimulationAnswer> {
    const at = this.parts.clock.now().toISOString();
    const simulation = await this.parts.simulations.cancel(id, at);
    const text = "There is no such simulation.";
    return simulation
      ? { simulation, problems: [] }
      : refused(problem("SIMULATION_UNKNOWN", text, ["id"]));
  }

  private async step(): Promise<StepOutcome> {
    const { simulations, logger, clock } = this.parts;
    let simulation: PolicySimulation | null = null;
    try {
      simulation = await simulations.next();
      if (!simulation) return "idle";
      const index = await this.indexOf(simulation.version);
      const step = new SimulationStep({ ...this.parts, budgetMs }, index, simulation);
      await simulations.advance(await step.take(clock.now().toISOString()));
      this.failures = 0;
      await new Promise((resolve) => setTimeout(resolve, budgetMs));
      return "worked";
    } catch (error) {
      if (this.loop.isEnding) return "failed";
      this.failures += 1;
      logger.warn("a simulation waits", { error });
      if (simulation && this.failures >= failuresMax) await this.giveUp(simulation);
      return "failed";
    }
  }

  private async giveUp(simulation: PolicySimulation): Promise<void> {
    this.failures = 0;
    const endedAt = this.parts.clock.now().toISOString();
    const body = {
      ...simulation.body,
      note: "It failed several times and was given up.",
    };
    await this.parts.simulations
      .advance({ ...simulation, state: "FAILED", endedAt, body })
      .catch((error: unknown) => this.parts.logger.warn("a simulation waits", { error }));
  }

  private async indexOf(version: number): Promise<PolicyIndex> {
    if (this.index?.policy.version === version) return this.index;
    const known = await this.parts.policies.find(version);
    this.index = indexPolicy(known!.policy);
    return this.index;
  }
}

function refused(...problems: Problem[]): SimulationAnswer {
  return { simulation: null, problems };
}

function freshBody(total: number): SimulationBody {
  return {
    done: 0,
    total,
    merges: 0,
    splits: 0,
    moves: 0,
    personsBefore: 0,
    personsAfter: 0,
    oversize: 0,
    audiences: {},
    destinations: [],
    asked: 0,
    askedAll: true,
    examples: [],
    opened: [],
    genericCursor: "",
    note: null,
  };
}
