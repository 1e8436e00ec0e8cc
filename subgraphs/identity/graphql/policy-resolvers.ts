import { Counter } from "prom-client";
import type { Platform } from "../../../kernel/module/subgraph-module.ts";
import type { FollowedPolicy } from "../service/policy-in-force.ts";
import { GroupRepair } from "../service/group-repair.ts";
import { PolicyDesk } from "../service/policy-desk.ts";
import { PolicyWorker } from "../service/policy-worker.ts";
import { Simulations } from "../service/simulations.ts";
import { WhatIf } from "../service/what-if.ts";
import type { IdentityStore } from "../store/identity-store.ts";
import { Policies } from "../store/policies.ts";
import { policyBody } from "../store/policy-body.ts";
import { PolicyRuns } from "../store/policy-runs.ts";
import { PolicySimulations } from "../store/policy-simulations.ts";
import { PolicyJobResolver } from "./policy-job-resolver.ts";
import { PolicyResolver } from "./policy-resolver.ts";

export interface RunningPolicies {
  resolvers: readonly [PolicyResolver, PolicyJobResolver];
  /** Puts the last activation in force; done before anything else is. */
  settle(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Everything about versions of the policy. Nothing is brought about before `settle`. */
export function openPolicies(
  store: IdentityStore,
  policy: FollowedPolicy,
  platform: Platform,
): RunningPolicies {
  const { database, clock, logger, streams } = platform;
  const { reader, scan } = store;
  const policies = new Policies(database);
  const runs = new PolicyRuns(database);
  const simulations = new PolicySimulations(database);
  const readBody = (version: number) => policyBody(database, version);
  const repair = new GroupRepair({ store, policy, clock, broken: brokenCounter(platform) });
  const worker = new PolicyWorker({ store, runs, policy, readBody, clock, logger, repair });
  const settle = () => worker.settle();
  const wake = () => worker.wake();
  const desk = new PolicyDesk({ policies, runs, scan, clock, settle, wake });
  const whatIf = new WhatIf({ ...platform, reader, policy });
  const jobs = new Simulations({
    simulations,
    policies,
    reader,
    scan,
    whatIf,
    clock,
    logger,
  });
  streams.alsoSettles(() => worker.isSettled());
  streams.alsoSettles(() => jobs.isSettled());
  return {
    resolvers: [
      new PolicyResolver(policies, desk),
      new PolicyJobResolver({ runs, simulations, jobs }),
    ],
    settle,
    stop: async () => {
      await Promise.all([jobs.stop(), worker.stop()]);
    },
  };
}

function brokenCounter({ metrics }: Platform): () => void {
  const broken = new Counter({
    name: "identity_oversize_values_total",
    help: "Values that became generic because they held more together than the policy allows",
    registers: [metrics],
  });
  return () => broken.inc();
}
