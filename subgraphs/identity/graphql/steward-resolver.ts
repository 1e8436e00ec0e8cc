import { Arg, Ctx, Mutation, Resolver } from "type-graphql";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { Drift } from "../domain/undoing.ts";
import type { Profiles } from "../service/profiles.ts";
import type { Actor, RevertResult, Steward, StewardResult } from "../service/steward.ts";
import {
  MergePersonsInput,
  MergePersonsPayload,
  RevertIdentityChangeInput,
  SplitPersonInput,
  SplitPersonPayload,
  toChangeType,
} from "./change-types.ts";
import { toPersonType } from "./person-type.ts";
import { reasonProblems } from "./reason-problems.ts";
import { RevertIdentityChangePayload, toDifference } from "./revert-types.ts";

/** A data steward's hand. */
@Resolver()
export class StewardResolver {
  private readonly steward: Steward;
  private readonly profiles: Profiles;

  constructor(steward: Steward, profiles: Profiles) {
    this.steward = steward;
    this.profiles = profiles;
  }

  @Mutation(() => MergePersonsPayload, {
    description: "Makes persons one, whatever the rules say, until it is reverted or split.",
  })
  @requires("identity:write")
  async mergePersons(
    @Arg("input", () => MergePersonsInput, { description: "Whom, and why." })
    input: MergePersonsInput,
    @Ctx() context: RequestContext,
  ): Promise<MergePersonsPayload> {
    const { persons, ...rest } = await this.act(input.reason, context, (actor) =>
      this.steward.merge(input, actor),
    );
    return { ...rest, person: persons[0] ?? null };
  }

  @Mutation(() => SplitPersonPayload, {
    description:
      "Takes identifiers out of a person, for good: later evidence does not bring them back.",
  })
  @requires("identity:write")
  splitPerson(
    @Arg("input", () => SplitPersonInput, { description: "Whom, and why." })
    input: SplitPersonInput,
    @Ctx() context: RequestContext,
  ): Promise<SplitPersonPayload> {
    return this.act(input.reason, context, (actor) => this.steward.split(input, actor));
  }

  @Mutation(() => RevertIdentityChangePayload, {
    description:
      "Takes a change back: a human's by withdrawing it, the rules' by deciding against them.",
  })
  @requires("identity:write")
  async revertIdentityChange(
    @Arg("input", () => RevertIdentityChangeInput, { description: "Which change, and why." })
    input: RevertIdentityChangeInput,
    @Ctx() context: RequestContext,
  ): Promise<RevertIdentityChangePayload> {
    const reason = input.reason ?? "Reverted";
    const { drift, ...payload } = await this.act<RevertResult>(reason, context, (actor) =>
      this.steward.revert(input, actor),
    );
    return {
      ...payload,
      exact: drift ? drift.length === 0 : null,
      differences: (drift ?? []).map((each) => toDifference(each, context)),
    };
  }

  private async act<R extends StewardResult & { drift?: Drift[] }>(
    reason: string,
    context: RequestContext,
    work: (actor: Actor) => Promise<R>,
  ): Promise<SplitPersonPayload & { drift?: Drift[] }> {
    context.authorise("identity:write");
    const problems = reasonProblems(reason);
    if (problems.length > 0) return { persons: [], change: null, problems };
    const result = await work({ id: context.principal.id, reason: reason.trim() });
    if (!result.outcome) return { persons: [], change: null, problems: result.problems };
    const { change, personIds } = result.outcome;
    const found = await this.profiles.reader.persons(personIds);
    return {
      persons: personIds.flatMap((id) => found.get(id) ?? []).map(toPersonType),
      change: toChangeType(change, context),
      problems: [],
      ...(result.drift && { drift: result.drift }),
    };
  }
}
