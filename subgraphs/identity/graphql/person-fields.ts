import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import { encodeCursor, pageSize, toConnection } from "../../../kernel/federation/connection.ts";
import { maskJson } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { IdentifierKind } from "../domain/identity-policy.ts";
import type { PastPerson } from "../domain/as-of.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { Profiles } from "../service/profiles.ts";
import { IdentifierKindEnum } from "./enums.ts";
import { IdentifierConnection, toIdentifierType } from "./identifier-type.ts";
import { type PageArguments, placeIn, slice } from "./list-slices.ts";
import { PersonType, TraitType } from "./person-type.ts";
import { sourceRef } from "./reference-types.ts";
import { DeviceUseConnection, toDeviceUse } from "./use-types.ts";

const firstDescription = "Page size, 0–500; default 20.";
const afterDescription = "`endCursor` of the page before.";
const usesMax = 1_000;

/** What identity knows about a person. */
@Resolver(() => PersonType)
export class PersonFields {
  private readonly profiles: Profiles;

  constructor(profiles: Profiles) {
    this.profiles = profiles;
  }

  @FieldResolver(() => [ID], {
    description: "Ids that were merged into this person, oldest first.",
  })
  @requires("profiles:read")
  async redirectedFrom(@Root() person: PersonType, @Ctx() context: RequestContext) {
    context.authorise("profiles:read");
    const loader = context.loader<string, string[]>("redirects", async (ids) => {
      const found = await this.profiles.reader.redirectsTo(ids);
      return ids.map((id) => found.get(id) ?? []);
    });
    return loader.load(person.id);
  }

  @FieldResolver(() => [TraitType], {
    description: "The golden record: of each trait the value that counts. In the order of names.",
  })
  @requires("profiles:read")
  traits(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("names", () => [String], { nullable: true, description: "Only these traits." })
    names?: string[] | null,
  ): TraitType[] {
    context.authorise("profiles:read");
    const { record } = person.row;
    const wanted = names ? [...new Set(names)] : Object.keys(record).sort();
    return wanted
      .filter((name) => Object.hasOwn(record, name))
      .map((name) => {
        const { value, source, at } = record[name]!;
        return {
          name,
          value: maskJson(context, value),
          source: sourceRef(source),
          observedAt: new Date(at),
        };
      });
  }

  @FieldResolver(() => IdentifierConnection, {
    description: "Identifiers: those of persons first, then devices, then sessions.",
  })
  @requires("profiles:read")
  identifiers(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
    @Arg("kinds", () => [IdentifierKindEnum], { nullable: true, description: "Only these kinds." })
    kinds?: IdentifierKindEnum[] | null,
  ): Promise<IdentifierConnection> {
    context.authorise("profiles:read");
    const wanted = kinds ?? ["PERSON", "DEVICE", "SESSION"];
    return this.page(person, wanted as IdentifierKind[], { first, after }, context);
  }

  @FieldResolver(() => IdentifierConnection, {
    description: "Sessions (visits), first seen first.",
  })
  @requires("profiles:read")
  sessions(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<IdentifierConnection> {
    context.authorise("profiles:read");
    return this.page(person, ["SESSION"], { first, after }, context);
  }

  @FieldResolver(() => DeviceUseConnection, {
    description: "Devices the person used, shared ones included; latest use first.",
  })
  @requires("profiles:read")
  async devices(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<DeviceUseConnection> {
    context.authorise("profiles:read");
    const load = (ids: readonly string[]) => this.profiles.reader.devices(ids, usesMax);
    const all = await listOf(context, "devices", person.id, load);
    return slice("devices", all, { first, after }, (use) => toDeviceUse(use, context));
  }

  private async page(
    { id: personId, past }: PersonType,
    kinds: readonly IdentifierKind[],
    { first, after }: PageArguments,
    context: RequestContext,
  ): Promise<IdentifierConnection> {
    const size = pageSize(first);
    const list = `identifiers ${kinds.join()}`;
    if (past) {
      const own = past.identifiers.filter(({ identifier }) => kinds.includes(identifier.kind));
      const toNode = ({ identifier, confidence }: PastPerson["identifiers"][number]) =>
        toIdentifierType(identifier, context, confidence);
      return { ...slice(list, own, { first, after }, toNode), totalCount: own.length };
    }
    const start = placeIn(list, after);
    const name = `identifiers ${kinds.join()} ${size} ${start}`;
    type Loaded = { identifiers: KnownIdentifier[]; totalCount: number };
    const loader = context.loader<string, Loaded>(name, async (ids) => {
      const page = { limit: size + 1, after: String(start) };
      const found = await this.profiles.reader.identifiers(ids, kinds, page);
      return ids.map((id) => found.get(id) ?? { identifiers: [], totalCount: 0 });
    });
    const { identifiers, totalCount } = await loader.load(personId);
    const rows = identifiers.map((identifier, place) => ({ identifier, place: start + place + 1 }));
    const connection = toConnection(
      rows,
      size,
      ({ place }) => encodeCursor(list, [place]),
      ({ identifier }) => toIdentifierType(identifier, context),
    );
    return { ...connection, totalCount };
  }
}

function listOf<T>(
  context: RequestContext,
  name: string,
  personId: string,
  load: (ids: readonly string[]) => Promise<Map<string, T[]>>,
): Promise<T[]> {
  const loader = context.loader<string, T[]>(name, async (ids) => {
    const found = await load(ids);
    return ids.map((id) => found.get(id) ?? []);
  });
  return loader.load(personId);
}
