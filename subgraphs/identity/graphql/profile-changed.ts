import {
  Arg,
  Field,
  FieldResolver,
  ID,
  InputType,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from "type-graphql";
import type { ProfileChange } from "../../../kernel/announcements/identity-announcements.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { Cursor, DateTime } from "../../../kernel/federation/scalars.ts";
import { cursorOf } from "../../../kernel/streams/cursor.ts";
import type { StreamEntry } from "../../../kernel/streams/stream.ts";
import type { Streams } from "../../../kernel/streams/streams.ts";
import type { Profiles } from "../service/profiles.ts";
import { ProfileChangeKindEnum } from "./enums.ts";
import { PersonType, toPersonType } from "./person-type.ts";

const filterValuesMax = 1_000;
const afterDescription = 'Cursor to go on from; "0": from the beginning; absent: from now on.';

@ObjectType("ProfileChange", { description: "The unified profile of a person changed." })
export class ProfileChangeType {
  @Field(() => Cursor, {
    description: "Place in the stream; hand it to `after` to go on from here.",
  })
  cursor: string;

  @Field(() => DateTime, { description: "Event time of the cause." })
  occurredAt: Date;

  @Field(() => [ProfileChangeKindEnum], { description: "What changed." })
  kinds: ProfileChangeKindEnum[];

  @Field(() => ID, { description: "Whose profile; the id at that time." })
  personId: string;

  @Field(() => [String], { description: "Names of the traits whose values changed." })
  changedTraits: string[];
}

@InputType("ProfileChangeFilter", {
  description: "Which changes; every condition given must hold.",
})
export class ProfileChangeFilter {
  @Field(() => [ID], { nullable: true, description: "Of these persons; 1,000 at most." })
  persons?: string[] | null;

  @Field(() => [String], { nullable: true, description: "Of any of these traits; 1,000 at most." })
  traits?: string[] | null;

  @Field(() => [ProfileChangeKindEnum], { nullable: true, description: "Of any of these kinds." })
  kinds?: ProfileChangeKindEnum[] | null;
}

function wanted(filter: ProfileChangeFilter | null | undefined): (entry: StreamEntry) => boolean {
  for (const values of [filter?.persons, filter?.traits, filter?.kinds]) {
    if (values && values.length > filterValuesMax) {
      throw new DomainError("BAD_INPUT", `A filter names at most ${filterValuesMax} values.`);
    }
  }
  const persons = filter?.persons ? new Set(filter.persons) : null;
  const { traits, kinds } = filter ?? {};
  return ({ kind, payload }) => {
    if (kind !== "PROFILE") return false;
    const change = payload as ProfileChange;
    return (
      (!persons || persons.has(change.personId)) &&
      (!traits || traits.some((name) => Object.hasOwn(change.traits, name))) &&
      (!kinds || kinds.some((each) => change.kinds.includes(each)))
    );
  };
}

function toProfileChange(entry: StreamEntry): ProfileChangeType {
  const change = entry.payload as ProfileChange;
  return {
    cursor: cursorOf("identity", entry.position),
    occurredAt: new Date(change.occurredAt),
    kinds: change.kinds as ProfileChangeKindEnum[],
    personId: change.personId,
    changedTraits: Object.keys(change.traits),
  };
}

/** A subscription names its stream before an instance is at hand. */
export function profileSubscription(streams: Streams, profiles: Profiles): object {
  @Resolver(() => ProfileChangeType)
  class ProfileSubscription {
    @Subscription(() => ProfileChangeType, {
      description: "Changes of profiles, in order. Resumes after a cursor without loss.",
      subscribe: ({ args: { after, filter }, context }) => {
        (context as RequestContext).authorise("profiles:read");
        return streams.subscribe("identity", { after, filter: wanted(filter) });
      },
    })
    @requires("profiles:read")
    profileChanged(
      @Root() entry: StreamEntry,
      @Arg("filter", () => ProfileChangeFilter, { nullable: true, description: "Which changes." })
      _filter: ProfileChangeFilter | null,
      @Arg("after", () => Cursor, { nullable: true, description: afterDescription })
      _after: string | null,
    ): ProfileChangeType {
      return toProfileChange(entry);
    }

    @FieldResolver(() => PersonType, {
      nullable: true,
      description: "The person as it is now; a survivor, if it was merged since.",
    })
    async person(@Root() change: ProfileChangeType): Promise<PersonType | null> {
      // Not by the context's loader: a subscription lives longer than what that remembers.
      const found = await profiles.reader.persons([change.personId]);
      const row = found.get(change.personId);
      return row ? toPersonType(row) : null;
    }
  }
  return new ProfileSubscription();
}
