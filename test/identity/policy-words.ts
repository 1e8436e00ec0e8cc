import { graphql } from "graphql";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { allScopes } from "../../kernel/security/scopes.ts";
import type { IdentityWorld } from "./identity-world.ts";

export interface PolicyPayload {
  policy: {
    version: number;
    state: string;
    owner: string;
    approvedBy: string | null;
  } | null;
  run?: { id: string; state: string } | null;
  problems: { code: string; message: string; path: string[] }[];
}

const fields = "policy { version state owner approvedBy } problems { code message path }";

/** Versions of the policy in the words of tests; owner and approver are two principals. */
export class PolicyWords {
  private readonly world: IdentityWorld;

  constructor(world: IdentityWorld) {
    this.world = world;
  }

  async as<T>(principal: string, source: string, variableValues: object): Promise<T> {
    const { data, errors } = await graphql({
      schema: this.world.platform.running.subgraphs.get("identity")!.schema.schema,
      source,
      variableValues: variableValues as Record<string, unknown>,
      contextValue: new RequestContext({ id: principal, scopes: allScopes }),
    });
    if (errors) throw errors[0]!;
    return data as T;
  }

  async propose(policy: unknown, base?: number): Promise<PolicyPayload> {
    const { proposeIdentityPolicy } = await this.as<{
      proposeIdentityPolicy: PolicyPayload;
    }>(
      "key_owner",
      `mutation ($input: ProposeIdentityPolicyInput!) {
        proposeIdentityPolicy(input: $input) { ${fields} }
      }`,
      { input: { policy, base, reason: "A test" } },
    );
    return proposeIdentityPolicy;
  }

  async approve(version: number, by = "key_approver"): Promise<PolicyPayload> {
    const { approveIdentityPolicy } = await this.as<{
      approveIdentityPolicy: PolicyPayload;
    }>(
      by,
      `mutation ($input: ApproveIdentityPolicyInput!) {
        approveIdentityPolicy(input: $input) { ${fields} }
      }`,
      { input: { version } },
    );
    return approveIdentityPolicy;
  }

  async activate(version: number): Promise<PolicyPayload> {
    const { activateIdentityPolicy } = await this.as<{
      activateIdentityPolicy: PolicyPayload;
    }>(
      "key_approver",
      `mutation ($input: ActivateIdentityPolicyInput!) {
        activateIdentityPolicy(input: $input) { ${fields} run { id state } }
      }`,
      { input: { version } },
    );
    return activateIdentityPolicy;
  }

  /** Proposes, approves, activates, and waits until it is brought about; gives version and run. */
  async putInForce(policy: unknown, base?: number): Promise<{ version: number; run: string }> {
    const { policy: proposed, problems } = await this.propose(policy, base);
    if (!proposed) throw new Error(JSON.stringify(problems));
    await this.approve(proposed.version);
    return {
      version: proposed.version,
      run: await this.bringAbout(proposed.version),
    };
  }

  async bringAbout(version: number): Promise<string> {
    const { run, problems } = await this.activate(version);
    if (!run) throw new Error(JSON.stringify(problems));
    await this.world.platform.settle();
    return run.id;
  }

  async simulate(version: number, sample?: number) {
    const { simulateIdentityPolicy } = await this.as<{
      simulateIdentityPolicy: {
        simulation: { id: string };
        problems: unknown[];
      };
    }>(
      "key_owner",
      `mutation ($input: SimulateIdentityPolicyInput!) {
        simulateIdentityPolicy(input: $input) { simulation { id state } problems { code } }
      }`,
      { input: { version, sample } },
    );
    await this.world.platform.settle();
    return this.simulation(simulateIdentityPolicy.simulation.id);
  }

  async simulation(id: string) {
    const { identitySimulation } = await this.as<{
      identitySimulation: {
        state: string;
        progress: { done: number; total: number };
        merges: number;
        splits: number;
        personsBefore: number;
        personsAfter: number;
        audiences: {
          audience: { name: string };
          entered: number;
          left: number;
        }[];
        note: string | null;
        examples: { kind: string; personIds: string[]; reason: string }[];
      };
    }>(
      "key_owner",
      `query ($id: ID!) {
        identitySimulation(id: $id) {
          state progress { done total } merges splits personsBefore personsAfter note
          audiences { audience { name } entered left } examples { kind personIds reason }
        }
      }`,
      { id },
    );
    return identitySimulation;
  }

  async run(id: string) {
    const { identityRun } = await this.as<{
      identityRun: {
        state: string;
        version: number;
        merges: number;
        splits: number;
        progress: { done: number; total: number };
      };
    }>(
      "key_owner",
      "query ($id: ID!) { identityRun(id: $id) { state version merges splits progress { done total } } }",
      { id },
    );
    return identityRun;
  }
}
