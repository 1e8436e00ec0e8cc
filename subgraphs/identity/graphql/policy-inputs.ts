import { Field, ID, InputType, Int, ObjectType } from "type-graphql";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import { Json } from "../../../kernel/federation/scalars.ts";
import { IdentityRunType, IdentitySimulationType } from "./policy-job-types.ts";
import { IdentityPolicyType } from "./policy-types.ts";

@InputType("ProposeIdentityPolicyInput", {
  description: "A new version of the policy.",
})
export class ProposeIdentityPolicyInput {
  @Field(() => Int, {
    nullable: true,
    description: "The version it is made from; left out: the one in force.",
  })
  base?: number | null;

  @Field(() => Json, {
    description:
      "What is to be otherwise: `namespaces` (by `name`: kind, priority, exclusive, limit, " +
      "limitWithin (a duration such as P7D: the limit counts values first seen within so long), " +
      "normaliser, blockedValues, unblockedValues, confidence), `blockedValues`, " +
      "`unblockedValues`, `highFrom`, `mediumFrom`, `genericAbove`, `componentEdgesMax`, " +
      "`phoneRegion`, `traitOwners`. Namespaces are merged by name, blocked values are added to " +
      "the base's; everything else replaces.",
  })
  policy: unknown;

  @Field(() => String, {
    nullable: true,
    description: "Why. 1–1,000 characters.",
  })
  reason?: string | null;
}

@InputType("SimulateIdentityPolicyInput", {
  description: "What a version would do.",
})
export class SimulateIdentityPolicyInput {
  @Field(() => Int, { description: "The version." })
  version: number;

  @Field(() => Int, {
    nullable: true,
    description:
      "Look at about so many persons' components only, the same ones each time; left out: at all.",
  })
  sample?: number | null;
}

@InputType("CancelIdentitySimulationInput", {
  description: "A simulation to stop.",
})
export class CancelIdentitySimulationInput {
  @Field(() => ID, { description: "Id of the simulation." })
  id: string;
}

@InputType("ApproveIdentityPolicyInput", {
  description: "A proposal that may be put in force.",
})
export class ApproveIdentityPolicyInput {
  @Field(() => Int, { description: "The version." })
  version: number;
}

@InputType("RejectIdentityPolicyInput", {
  description: "A proposal that must not be.",
})
export class RejectIdentityPolicyInput {
  @Field(() => Int, { description: "The version." })
  version: number;
}

@InputType("ActivateIdentityPolicyInput", {
  description: "A version to put in force.",
})
export class ActivateIdentityPolicyInput {
  @Field(() => Int, {
    description: "An approved version, or a retired one: a rollback.",
  })
  version: number;

  @Field(() => String, {
    nullable: true,
    description: "Why; stands with each change it brings. 1–1,000 characters.",
  })
  reason?: string | null;
}

@ObjectType("IdentityPolicyPayload", {
  description: "What became of a version of the policy.",
})
export class IdentityPolicyPayload {
  @Field(() => IdentityPolicyType, {
    nullable: true,
    description: "It; null when refused.",
  })
  policy: IdentityPolicyType | null;

  @Field(() => [ProblemType], { description: "Why it was refused." })
  problems: ProblemType[];
}

@ObjectType("ActivateIdentityPolicyPayload", {
  description: "What became of an activation.",
})
export class ActivateIdentityPolicyPayload extends IdentityPolicyPayload {
  @Field(() => IdentityRunType, {
    nullable: true,
    description: "The recomputation that brings it about; null when refused.",
  })
  run: IdentityRunType | null;
}

@ObjectType("IdentitySimulationPayload", {
  description: "What became of a simulation.",
})
export class IdentitySimulationPayload {
  @Field(() => IdentitySimulationType, {
    nullable: true,
    description: "It; null when refused.",
  })
  simulation: IdentitySimulationType | null;

  @Field(() => [ProblemType], { description: "Why it was refused." })
  problems: ProblemType[];
}
