import { Arg, Ctx, Int, Query, Resolver } from "type-graphql";
import { decodeCursor, encodeCursor, pageSize } from "../../../kernel/federation/connection.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { PastProfiles } from "../service/past-profiles.ts";
import type { PersonPage, Profiles } from "../service/profiles.ts";
import type { PersonRow } from "../store/identity-reader.ts";
import { PersonBy, PersonFilter } from "./person-inputs.ts";
import { PersonConnection, PersonType, toPastPersonType, toPersonType } from "./person-type.ts";

const traitsMax = 10;

/** Who somebody is. */
@Resolver(() => PersonType)
export class PersonResolver {
  private readonly profiles: Profiles;
  private readonly past: PastProfiles;

  constructor(profiles: Profiles, past: PastProfiles) {
    this.profiles = profiles;
    this.past = past;
  }

  @Query(() => PersonType, {
    nullable: true,
    description: "The person of an id or an identifier; null when there is none.",
  })
  @requires("profiles:read")
  async person(
    @Arg("by", () => PersonBy, { description: "Id or identifier." }) by: PersonBy,
    @Ctx() context: RequestContext,
    @Arg("asOf", () => DateTime, {
      nullable: true,
      description:
        "As the person was at this instant (event time), as far as is known today: id, createdAt, " +
        "identifiers, sessions and traits. All other fields tell of the present. Absent: now.",
    })
    asOf?: Date | null,
  ): Promise<PersonType | null> {
    context.authorise("profiles:read");
    if (asOf) {
      const past = await this.past.person(by, asOf.toISOString());
      return past && toPastPersonType(past);
    }
    // No engine is asked for an id that none can hold: nobody has it.
    if (by.id?.includes("\0")) return null;
    if (by.id) return personById(context, this.profiles, by.id);
    const key = by.identifier ? this.profiles.keyOf(by.identifier) : null;
    if (key === null) return null;
    const loader = context.loader<string, PersonRow | null>("persons-by-key", async (keys) => {
      const found = await this.profiles.personsByKey(keys);
      return keys.map((each) => found.get(each) ?? null);
    });
    const row = await loader.load(key);
    return row && toPersonType(row);
  }

  @Query(() => PersonConnection, {
    description:
      "Persons that meet the filter. A page filtered by traits may hold fewer than asked for: go on while " +
      "`hasNextPage`.",
  })
  @requires("profiles:read")
  async persons(
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first?: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after?: string | null,
    @Arg("filter", () => PersonFilter, { nullable: true, description: "Which persons." })
    filter?: PersonFilter | null,
  ): Promise<PersonConnection> {
    context.authorise("profiles:read");
    const traits = filter?.traits ?? [];
    if (traits.length > traitsMax) {
      throw new DomainError("BAD_INPUT", `At most ${traitsMax} traits can be named.`);
    }
    // Who may not see a value may not find it by asking either.
    if (traits.length > 0) context.authorise("pii:read");
    const keys = filter?.identifiers ? this.profiles.keysOf(filter.identifiers) : null;
    const listing = {
      identifierKeys: keys,
      namespace: filter?.namespace ?? null,
      createdFrom: filter?.createdFrom?.toISOString() ?? null,
      createdBefore: filter?.createdBefore?.toISOString() ?? null,
    };
    const place = decodeCursor("persons", after)?.[0];
    const page = { limit: pageSize(first), after: place === undefined ? null : String(place) };
    return toPersonConnection(await this.profiles.list(listing, traits, page));
  }
}

function toPersonConnection({ rows, last, hasMore }: PersonPage) {
  const edges = rows.map((row) => ({
    cursor: encodeCursor("persons", [row.id]),
    node: toPersonType(row),
  }));
  const endCursor = last === null ? null : encodeCursor("persons", [last]);
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: { hasNextPage: hasMore, endCursor },
  };
}

/**
 * The person of an id, batched with the others of the operation; a merged id finds the survivor.
 */
export async function personById(
  context: RequestContext,
  profiles: Profiles,
  id: string,
): Promise<PersonType | null> {
  const loader = context.loader<string, PersonRow | null>("persons-by-id", async (ids) => {
    const found = await profiles.reader.persons(ids);
    return ids.map((each) => found.get(each) ?? null);
  });
  const row = await loader.load(id);
  return row && toPersonType(row);
}
