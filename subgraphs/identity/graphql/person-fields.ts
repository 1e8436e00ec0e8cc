import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { maskJson } from "../../../kernel/federation/mask.ts";
import { DomainError } from "../../../kernel/errors/domain-error.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import type { IdentifierKind } from "../domain/identity-policy.ts";
import type { KnownIdentifier } from "../domain/person-state.ts";
import type { Profiles } from "../service/profiles.ts";
import { IdentifierKindEnum } from "./enums.ts";
import { IdentifierConnection, toIdentifierType } from "./identifier-type.ts";
import { PersonType, TraitType } from "./person-type.ts";
import { sourceRef } from "./reference-types.ts";
import {
  AccountMembershipConnection,
  DeviceUseConnection,
  toAccountMembership,
  toDeviceUse,
} from "./use-types.ts";

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
  async redirectedFrom(@Root() person: PersonType, @Ctx() context: RequestContext) {
    const loader = context.loader<string, string[]>("redirects", async (ids) => {
      const found = await this.profiles.reader.redirectsTo(ids);
      return ids.map((id) => found.get(id) ?? []);
    });
    return loader.load(person.id);
  }

  @FieldResolver(() => [TraitType], {
    description: "The golden record: of each trait the value that counts. In the order of names.",
  })
  traits(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("names", () => [String], { nullable: true, description: "Only these traits." })
    names?: string[] | null,
  ): TraitType[] {
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
    const wanted = kinds ?? ["PERSON", "DEVICE", "SESSION"];
    return this.page(person.id, wanted as IdentifierKind[], { first, after }, context);
  }

  @FieldResolver(() => IdentifierConnection, {
    description: "Sessions (visits), first seen first.",
  })
  sessions(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<IdentifierConnection> {
    return this.page(person.id, ["SESSION"], { first, after }, context);
  }

  @FieldResolver(() => DeviceUseConnection, {
    description: "Devices the person used, shared ones included; latest use first.",
  })
  async devices(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<DeviceUseConnection> {
    const load = (ids: readonly string[]) => this.profiles.reader.devices(ids, usesMax);
    const all = await listOf(context, "devices", person.id, load);
    return slice("devices", all, { first, after }, (use) => toDeviceUse(use, context));
  }

  @FieldResolver(() => AccountMembershipConnection, {
    description: "Accounts the person belongs to; latest statement first.",
  })
  async accounts(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<AccountMembershipConnection> {
    const load = (ids: readonly string[]) => this.profiles.reader.accountsOf(ids, usesMax);
    const all = await listOf(context, "accounts", person.id, load);
    return slice("accounts", all, { first, after }, toAccountMembership);
  }

  private async page(
    personId: string,
    kinds: readonly IdentifierKind[],
    { first, after }: PageArguments,
    context: RequestContext,
  ): Promise<IdentifierConnection> {
    const size = pageSize(first);
    const list = `identifiers ${kinds.join()}`;
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

interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
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

/** A page of a list that is at hand; the cursor is the place. */
function slice<R, N>(
  list: string,
  all: readonly R[],
  { first, after }: PageArguments,
  toNode: (row: R) => N,
) {
  const size = pageSize(first);
  const start = placeIn(list, after);
  const rows = all
    .slice(start, start + size + 1)
    .map((row, place) => ({ row, place: start + place + 1 }));
  return toConnection(
    rows,
    size,
    ({ place }) => encodeCursor(list, [place]),
    ({ row }) => toNode(row),
  );
}

/** How many entries came before; throws BAD_CURSOR when the cursor is not of this list. */
function placeIn(list: string, after: string | null | undefined): number {
  const place = decodeCursor(list, after)?.[0] ?? 0;
  if (typeof place === "number" && place >= 0) return place;
  throw new DomainError("BAD_CURSOR", "This is not a cursor of this list.");
}
