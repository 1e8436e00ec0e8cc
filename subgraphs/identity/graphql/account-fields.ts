import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import { maskFreeText, maskText } from "../../../kernel/federation/mask.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import type { Membership, Organisations } from "../service/organisations.ts";
import type { Profiles } from "../service/profiles.ts";
import type { AccountState } from "../store/graph-rows.ts";
import {
  AccountConnection,
  AccountKindEnum,
  AccountMembershipConnection,
  AccountType,
  toAccountMembership,
  toAccountType,
} from "./account-types.ts";
import type { BandEnum } from "./enums.ts";
import { slice } from "./list-slices.ts";
import { PersonConnection, PersonType, toPersonType } from "./person-type.ts";

const firstDescription = "Page size, 0–500; default 20.";
const afterDescription = "`endCursor` of the page before.";

/** The groups that a person belongs to. */
@Resolver(() => PersonType)
export class PersonAccounts {
  private readonly organisations: Organisations;
  private readonly profiles: Profiles;

  constructor(organisations: Organisations, profiles: Profiles) {
    this.organisations = organisations;
    this.profiles = profiles;
  }

  @FieldResolver(() => AccountMembershipConnection, {
    description:
      "Organisations and workspaces the person belongs to: what sources stated, latest first, then " +
      "what company e-mail domains show, which is of medium confidence.",
  })
  @requires("profiles:read")
  accounts(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<AccountMembershipConnection> {
    context.authorise("profiles:read");
    return this.page("accounts", person.id, false, { first, after }, context);
  }

  @FieldResolver(() => AccountMembershipConnection, {
    description:
      "Households the person belongs to: stated by a source, or shown by family name and address. " +
      "A relation; those who live together stay persons of their own.",
  })
  @requires("profiles:read")
  households(
    @Root() person: PersonType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<AccountMembershipConnection> {
    context.authorise("profiles:read");
    return this.page("households", person.id, true, { first, after }, context);
  }

  private async page(
    list: string,
    personId: string,
    isHousehold: boolean,
    page: { first?: number | null | undefined; after?: string | null | undefined },
    context: RequestContext,
  ): Promise<AccountMembershipConnection> {
    const loader = context.loader<string, Membership[]>("memberships", async (ids) => {
      const found = await this.organisations.membershipsOf(ids);
      return ids.map((id) => found.get(id) ?? []);
    });
    const all = (await loader.load(personId)).filter(
      ({ account }) => (toAccountType(account).kind === AccountKindEnum.HOUSEHOLD) === isHousehold,
    );
    return slice(list, all, page, (each) =>
      toAccountMembership(each, this.profiles.bandOf(each.confidence) as BandEnum),
    );
  }
}

/** Where an account stands among others, and who is in it. */
@Resolver(() => AccountType)
export class AccountFields {
  private readonly organisations: Organisations;
  private readonly profiles: Profiles;

  constructor(organisations: Organisations, profiles: Profiles) {
    this.organisations = organisations;
    this.profiles = profiles;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "Its name, where a source told it. Without `pii:read` a household's is masked, and in others' " +
      "e-mail addresses and long numbers are.",
  })
  name(@Root() { kind, name }: AccountType, @Ctx() context: RequestContext): string | null {
    const isFamily = name !== null && kind === AccountKindEnum.HOUSEHOLD;
    return isFamily ? maskText(context, name) : maskFreeText(context, name);
  }

  @FieldResolver(() => AccountType, {
    nullable: true,
    description: "The account above it: trait `parentId`, a `groupId`; null: none that is known.",
  })
  async parent(
    @Root() account: AccountType,
    @Ctx() context: RequestContext,
  ): Promise<AccountType | null> {
    const loader = context.loader<AccountState, AccountState | null>(
      "account-parents",
      async (accounts) => {
        const found = await this.organisations.parentsOf(accounts);
        return accounts.map(({ id }) => found.get(id) ?? null);
      },
      ({ id }) => id,
    );
    const parent = await loader.load(account.state);
    return parent && toAccountType(parent);
  }

  @FieldResolver(() => AccountConnection, {
    description: "The accounts and workspaces directly below it, the first 500 by id.",
  })
  async children(
    @Root() account: AccountType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<AccountConnection> {
    const loader = context.loader<string, AccountState[]>("account-children", async (groupIds) => {
      const found = await this.profiles.reader.organisations.below(groupIds);
      return groupIds.map((groupId) => found.get(groupId) ?? []);
    });
    const all = await loader.load(account.groupId);
    return slice("account-children", all, { first, after }, toAccountType);
  }

  @FieldResolver(() => PersonConnection, {
    description: "Persons of whom a source states that they belong to it, by id.",
  })
  @requires("profiles:read")
  async members(
    @Root() account: AccountType,
    @Ctx() context: RequestContext,
    @Arg("first", () => Int, { nullable: true, description: firstDescription }) first?:
      | number
      | null,
    @Arg("after", () => String, { nullable: true, description: afterDescription })
    after?: string | null,
  ): Promise<PersonConnection> {
    context.authorise("profiles:read");
    const { reader } = this.profiles;
    const size = pageSize(first);
    const place = String(decodeCursor("members", after)?.[0] ?? "");
    const ids = await reader.organisations.members(account.id, place, size + 1);
    const persons = await reader.persons(ids);
    const rows = ids.flatMap((id) => persons.get(id) ?? []);
    return toConnection(rows, size, ({ id }) => encodeCursor("members", [id]), toPersonType);
  }
}
