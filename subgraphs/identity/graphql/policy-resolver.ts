import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import {
  connectionOf,
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { differencesOf } from "../domain/policy-difference.ts";
import type { PolicyAnswer, PolicyDesk } from "../service/policy-desk.ts";
import type { Policies } from "../store/policies.ts";
import {
  ActivateIdentityPolicyInput,
  ActivateIdentityPolicyPayload,
  ApproveIdentityPolicyInput,
  IdentityPolicyPayload,
  ProposeIdentityPolicyInput,
  RejectIdentityPolicyInput,
} from "./policy-inputs.ts";
import { toRunType } from "./policy-job-types.ts";
import { IdentityPolicyType, toPolicyType } from "./policy-types.ts";

@ObjectType("IdentityPolicyDifference", {
  description: "One place where two versions differ.",
})
export class IdentityPolicyDifferenceType {
  @Field(() => String, { description: "Where: `namespaces.phone.limit`." })
  path: string;

  @Field(() => String, {
    nullable: true,
    description: "What was there, as JSON; null: nothing.",
  })
  before: string | null;

  @Field(() => String, {
    nullable: true,
    description: "What is there, as JSON; null: nothing.",
  })
  after: string | null;
}

@ObjectType("IdentityPolicyConnection", {
  description: "Versions of the policy, newest first.",
})
export class IdentityPolicyConnection extends connectionOf(
  "IdentityPolicy",
  () => IdentityPolicyType,
) {}

/** The versions of the policy, and who stands for them. */
@Resolver(() => IdentityPolicyType)
export class PolicyResolver {
  private readonly policies: Policies;
  private readonly desk: PolicyDesk;

  constructor(policies: Policies, desk: PolicyDesk) {
    this.policies = policies;
    this.desk = desk;
  }

  @Query(() => IdentityPolicyType, {
    nullable: true,
    description: "A version of the identity policy; null when there is none of that number.",
  })
  @requires("profiles:read")
  async identityPolicy(
    @Ctx() context: RequestContext,
    @Arg("version", () => Int, {
      nullable: true,
      description: "Which one; left out: the one in force.",
    })
    version?: number | null,
  ): Promise<IdentityPolicyType | null> {
    context.authorise("profiles:read");
    const found = await (version == null ? this.policies.active() : this.policies.find(version));
    return found && toPolicyType(found, context);
  }

  @Query(() => IdentityPolicyConnection, {
    description: "All versions, newest first.",
  })
  @requires("profiles:read")
  async identityPolicies(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, {
      nullable: true,
      description: "Page size, 0–500; default 20.",
    })
    first?: number | null,
    @Arg("after", () => String, {
      nullable: true,
      description: "`endCursor` of the page before.",
    })
    after?: string | null,
  ): Promise<IdentityPolicyConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const place = decodeCursor("identityPolicies", after)?.[0];
    const rows = await this.policies.list(place === undefined ? null : Number(place), size + 1);
    return toConnection(
      rows,
      size,
      ({ version }) => encodeCursor("identityPolicies", [version]),
      (row) => toPolicyType(row, context),
    );
  }

  @FieldResolver(() => [IdentityPolicyDifferenceType], {
    description: "What it says otherwise than another version.",
  })
  async differences(
    @Root() { source }: IdentityPolicyType,
    @Arg("against", () => Int, {
      nullable: true,
      description: "The other version; left out: the one it was made from.",
    })
    against?: number | null,
  ): Promise<IdentityPolicyDifferenceType[]> {
    const other = await this.policies.find(against ?? source.base ?? source.version);
    return other ? differencesOf(other.policy, source.policy) : [];
  }

  @Mutation(() => IdentityPolicyPayload, {
    description: "Proposes a new version of the policy. It does nothing until it is activated.",
  })
  @requires("identity:write")
  async proposeIdentityPolicy(
    @Arg("input", () => ProposeIdentityPolicyInput, {
      description: "What is to be otherwise.",
    })
    input: ProposeIdentityPolicyInput,
    @Ctx() context: RequestContext,
  ): Promise<IdentityPolicyPayload> {
    context.authorise("identity:write");
    return toPayload(await this.desk.propose(input, context.principal.id), context);
  }

  @Mutation(() => IdentityPolicyPayload, {
    description: "Approves a proposal, by somebody else than its owner.",
  })
  @requires("identity:write")
  async approveIdentityPolicy(
    @Arg("input", () => ApproveIdentityPolicyInput, {
      description: "Which one.",
    })
    { version }: ApproveIdentityPolicyInput,
    @Ctx() context: RequestContext,
  ): Promise<IdentityPolicyPayload> {
    context.authorise("identity:write");
    return toPayload(await this.desk.decide(version, "APPROVED", context.principal.id), context);
  }

  @Mutation(() => IdentityPolicyPayload, {
    description: "Rejects a proposal, for good, by somebody else than its owner.",
  })
  @requires("identity:write")
  async rejectIdentityPolicy(
    @Arg("input", () => RejectIdentityPolicyInput, {
      description: "Which one.",
    })
    { version }: RejectIdentityPolicyInput,
    @Ctx() context: RequestContext,
  ): Promise<IdentityPolicyPayload> {
    context.authorise("identity:write");
    return toPayload(await this.desk.decide(version, "REJECTED", context.principal.id), context);
  }

  @Mutation(() => ActivateIdentityPolicyPayload, {
    description:
      "Puts a version in force: for new events at once, for all that is known in the background. " +
      "An earlier version is put in force again the same way.",
  })
  @requires("identity:write")
  async activateIdentityPolicy(
    @Arg("input", () => ActivateIdentityPolicyInput, {
      description: "Which one.",
    })
    input: ActivateIdentityPolicyInput,
    @Ctx() context: RequestContext,
  ): Promise<ActivateIdentityPolicyPayload> {
    context.authorise("identity:write");
    const answer = await this.desk.activate(input, context.principal.id);
    return { ...toPayload(answer, context), run: answer.run && toRunType(answer.run) };
  }
}

function toPayload(
  { policy, problems }: PolicyAnswer,
  context: RequestContext,
): IdentityPolicyPayload {
  return { policy: policy && toPolicyType(policy, context), problems };
}
