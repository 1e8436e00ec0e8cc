import { Arg, Ctx, Int, Mutation, Query, Resolver } from "type-graphql";
import { problem } from "../../../kernel/errors/problem.ts";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { cleanText } from "../domain/clean-json.ts";
import type { Contract } from "../domain/contract.ts";
import type { ContractRegistry } from "../service/contract-registry.ts";
import type { ContractService } from "../service/contract-service.ts";
import {
  ContractConnection,
  ContractType,
  DeprecateContractInput,
  DeprecateContractPayload,
  RegisterContractInput,
  RegisterContractPayload,
} from "./contract-types.ts";
import type { ContractDrives, ContractFamily, ContractState } from "./enums.ts";

@Resolver()
export class ContractResolver {
  private readonly service: ContractService;
  private readonly registry: ContractRegistry;

  constructor(service: ContractService, registry: ContractRegistry) {
    this.service = service;
    this.registry = registry;
  }

  @Query(() => ContractConnection, {
    description: "All contract versions, by event, oldest version first.",
  })
  @requires("events:read")
  async contracts(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500, default 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
    @Arg("event", () => String, { nullable: true, description: "Only this event's." })
    event: string | null,
  ): Promise<ContractConnection> {
    context.authorise("events:read");
    const size = pageSize(first);
    const key = decodeCursor("contracts", after);
    const all = event == null ? this.registry.all() : [...this.registry.versions(event)];
    const isAfter = (one: Contract) =>
      key === null ||
      one.event > String(key[0]) ||
      (one.event === key[0] && one.version > Number(key[1]));
    const rows = all.filter(isAfter).sort(byEventAndVersion);
    return toConnection(
      rows,
      size,
      (one) => encodeCursor("contracts", [one.event, one.version]),
      toContract,
    );
  }

  @Mutation(() => RegisterContractPayload, {
    description: "Registers the next version of an event's contract; in force at once.",
  })
  @requires("events:write")
  async registerContract(
    @Ctx() context: RequestContext,
    @Arg("input", () => RegisterContractInput, { description: "The contract." })
    input: RegisterContractInput,
  ): Promise<RegisterContractPayload> {
    context.authorise("events:write");
    const { event, family, owner, drives, justification, schema } = input;
    if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
      return refused([problem("INVALID_SCHEMA", "A schema is a JSON object.", ["schema"])]);
    }
    const result = await this.service.register({
      event: cleanText(event),
      family,
      owner: cleanText(owner),
      drives,
      justification: justification == null ? null : cleanText(justification),
      schema: schema as Record<string, unknown>,
    });
    if (Array.isArray(result)) return refused(result);
    return { ...result, contract: toContract(result.contract), problems: [] };
  }

  @Mutation(() => DeprecateContractPayload, {
    description: "Tells senders not to use a contract version any more.",
  })
  @requires("events:write")
  async deprecateContract(
    @Ctx() context: RequestContext,
    @Arg("input", () => DeprecateContractInput, { description: "Which version." })
    input: DeprecateContractInput,
  ): Promise<DeprecateContractPayload> {
    context.authorise("events:write");
    const result = await this.service.deprecate(cleanText(input.event), input.version);
    if (Array.isArray(result)) return { contract: null, problems: result };
    return { contract: toContract(result), problems: [] };
  }
}

function refused(problems: RegisterContractPayload["problems"]): RegisterContractPayload {
  return { contract: null, previousVersion: null, breakingChanges: [], problems };
}

function byEventAndVersion(a: Contract, b: Contract): number {
  if (a.event !== b.event) return a.event < b.event ? -1 : 1;
  return a.version - b.version;
}

function toContract(contract: Contract): ContractType {
  return {
    ...contract,
    family: contract.family as ContractFamily,
    drives: contract.drives as ContractDrives,
    state: contract.state as ContractState,
  };
}
