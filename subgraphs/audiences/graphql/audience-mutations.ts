import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from "type-graphql";
import { ProblemType } from "../../../kernel/federation/problem-type.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { activeVersionOf } from "../domain/audience.ts";
import type { AudienceDefinitions, DefinitionResult } from "../service/audience-definitions.ts";
import { AudienceRuleInput } from "./audience-rule-input.ts";
import { AudienceType, toAudienceType } from "./audience-types.ts";

@InputType("CreateAudienceInput", {
  description: "A new audience with the first version of its rule.",
})
export class CreateAudienceInput {
  @Field(() => String, {
    description: "Unique name: letters, digits, dots, dashes; 1–100 characters.",
  })
  name: string;

  @Field(() => String, { description: "What people call it, 1–200 characters." })
  title: string;

  @Field(() => String, { nullable: true, description: "What it is for, up to 2,000 characters." })
  description?: string | null;

  @Field(() => String, { description: "Who answers for it, 1–200 characters." })
  owner: string;

  @Field(() => String, { nullable: true, description: "Name of the consent purpose it serves." })
  purpose?: string | null;

  @Field(() => AudienceRuleInput, { description: "Who belongs to it." })
  rule: AudienceRuleInput;
}

@InputType("UpdateAudienceInput", {
  description:
    "New words about an audience; fields that are absent stay. The rule changes by versions.",
})
export class UpdateAudienceInput {
  @Field(() => String, { description: "Which audience." })
  name: string;

  @Field(() => String, { nullable: true, description: "What people call it." })
  title?: string;

  @Field(() => String, { nullable: true, description: "What it is for; null removes it." })
  description?: string | null;

  @Field(() => String, { nullable: true, description: "Who answers for it." })
  owner?: string;

  @Field(() => String, { nullable: true, description: "Consent purpose; null removes it." })
  purpose?: string | null;
}

@InputType("AddAudienceVersionInput", { description: "A further version of an audience's rule." })
export class AddAudienceVersionInput {
  @Field(() => String, { description: "Which audience." })
  name: string;

  @Field(() => AudienceRuleInput, { description: "The rule of the new version." })
  rule: AudienceRuleInput;
}

@InputType("ActivateAudienceInput", { description: "Which version is to come into force." })
export class ActivateAudienceInput {
  @Field(() => String, { description: "Which audience." })
  name: string;

  @Field(() => Int, { description: "Number of the version." })
  version: number;
}

@InputType("DeactivateAudienceInput", { description: "Which audience is to be switched off." })
export class DeactivateAudienceInput {
  @Field(() => String, { description: "Which audience." })
  name: string;
}

@ObjectType("AudiencePayload", { description: "What became of a change to an audience." })
export class AudiencePayload {
  @Field(() => AudienceType, { nullable: true, description: "The audience now; null: refused." })
  audience: AudienceType | null;

  @Field(() => [ProblemType], { description: "Why it was refused; empty when all went well." })
  problems: ProblemType[];
}

function toPayload({ audience, problems }: DefinitionResult): AudiencePayload {
  return { audience: audience && toAudienceType(audience, activeVersionOf(audience)), problems };
}

@Resolver()
export class AudienceMutations {
  private readonly definitions: AudienceDefinitions;

  constructor(definitions: AudienceDefinitions) {
    this.definitions = definitions;
  }

  @Mutation(() => AudiencePayload, {
    description: "Defines an audience; its first version is a DRAFT until it is activated.",
  })
  @requires("audiences:write")
  async createAudience(
    @Arg("input", () => CreateAudienceInput, { description: "The audience." })
    input: CreateAudienceInput,
    @Ctx() context: RequestContext,
  ): Promise<AudiencePayload> {
    context.authorise("audiences:write");
    const { rule, name, title, owner, description = null, purpose = null } = input;
    const draft = { name, title, owner, description, purpose };
    return toPayload(await this.definitions.create(draft, rule));
  }

  @Mutation(() => AudiencePayload, { description: "Changes what is said about an audience." })
  @requires("audiences:write")
  async updateAudience(
    @Arg("input", () => UpdateAudienceInput, { description: "The changes." })
    input: UpdateAudienceInput,
    @Ctx() context: RequestContext,
  ): Promise<AudiencePayload> {
    context.authorise("audiences:write");
    const { name, ...changes } = input;
    return toPayload(await this.definitions.update(name, changes));
  }

  @Mutation(() => AudiencePayload, {
    description:
      "Adds a version as a DRAFT; the version in force stays until the new one is activated.",
  })
  @requires("audiences:write")
  async addAudienceVersion(
    @Arg("input", () => AddAudienceVersionInput, { description: "The version." })
    input: AddAudienceVersionInput,
    @Ctx() context: RequestContext,
  ): Promise<AudiencePayload> {
    context.authorise("audiences:write");
    return toPayload(await this.definitions.addVersion(input.name, input.rule));
  }

  @Mutation(() => AudiencePayload, {
    description:
      "Brings a version into force and counts the history that is there. Answers when that is done, or after " +
      "some seconds with the version ACTIVATING; the rest goes on. The version before is RETIRED at the end, " +
      "and differences between the two are announced as entries and exits.",
  })
  @requires("audiences:write")
  async activateAudience(
    @Arg("input", () => ActivateAudienceInput, { description: "The version." })
    input: ActivateAudienceInput,
    @Ctx() context: RequestContext,
  ): Promise<AudiencePayload> {
    context.authorise("audiences:write");
    return toPayload(await this.definitions.activate(input.name, input.version));
  }

  @Mutation(() => AudiencePayload, {
    description: "Switches an audience off: every member exits, and each exit is announced.",
  })
  @requires("audiences:write")
  async deactivateAudience(
    @Arg("input", () => DeactivateAudienceInput, { description: "The audience." })
    input: DeactivateAudienceInput,
    @Ctx() context: RequestContext,
  ): Promise<AudiencePayload> {
    context.authorise("audiences:write");
    return toPayload(await this.definitions.deactivate(input.name));
  }
}
