import { Directive, Field, Float, ID, ObjectType, registerEnumType } from "type-graphql";
import { connectionOf } from "../../../kernel/federation/connection.ts";
import { DateTime } from "../../../kernel/federation/scalars.ts";
import { readOrganisation } from "../domain/organisation.ts";
import type { Membership } from "../service/organisations.ts";
import type { AccountState } from "../store/graph-rows.ts";
import { BandEnum } from "./enums.ts";
import { SourceRef, sourceRef } from "./reference-types.ts";

export enum AccountKindEnum {
  ORGANISATION = "ORGANISATION",
  WORKSPACE = "WORKSPACE",
  HOUSEHOLD = "HOUSEHOLD",
}
registerEnumType(AccountKindEnum, {
  name: "AccountKind",
  description: "What kind of group an account is.",
  valuesConfig: {
    ORGANISATION: { description: "A company, club, school or a part of one" },
    WORKSPACE: { description: "A tenant of a product; belongs to the account above it" },
    HOUSEHOLD: { description: "People who live together" },
  },
});

export enum MembershipMethodEnum {
  STATED = "STATED",
  EMAIL_DOMAIN = "EMAIL_DOMAIN",
  SHARED_HOME = "SHARED_HOME",
}
registerEnumType(MembershipMethodEnum, {
  name: "AccountMembershipMethod",
  description: "How a membership is known.",
  valuesConfig: {
    STATED: { description: "A source said so, in a group call" },
    EMAIL_DOMAIN: { description: "An e-mail address has the account's domain" },
    SHARED_HOME: { description: "Family name and address are the same" },
  },
});

@ObjectType("Account", { description: "A group that persons are members of." })
@Directive('@key(fields: "id")')
export class AccountType {
  /** What the fields are answered from. */
  state: AccountState;

  @Field(() => ID, { description: "Id of the account." })
  id: string;

  @Field(() => String, { description: "What sources call it: `groupId` of their group calls." })
  groupId: string;

  @Field(() => AccountKindEnum, { description: "What kind of group it is: trait `type`." })
  kind: AccountKindEnum;

  /** Shown by a resolver of its own. */
  name: string | null;

  @Field(() => [String], {
    description: "E-mail and web domains of its own: traits `domain`, `domains`, `website`.",
  })
  domains: string[];

  @Field(() => DateTime, { description: "Event time of its first mention." })
  createdAt: Date;
}

@ObjectType("AccountStatement", { description: "What one source says of a membership." })
export class AccountStatementType {
  @Field(() => SourceRef, { description: "Who says so." })
  source: SourceRef;

  @Field(() => String, { nullable: true, description: "Role, where it told one." })
  role: string | null;

  @Field(() => DateTime, { description: "Event time of its first statement." })
  firstSeenAt: Date;

  @Field(() => DateTime, { description: "Event time of its last statement." })
  lastSeenAt: Date;
}

@ObjectType("AccountMembership", {
  description: "A person belongs to an account. It never makes two persons one.",
})
export class AccountMembershipType {
  @Field(() => AccountType, { description: "The account." })
  account: AccountType;

  @Field(() => MembershipMethodEnum, { description: "How it is known." })
  method: MembershipMethodEnum;

  @Field(() => String, { nullable: true, description: "Role, where a source told it." })
  role: string | null;

  @Field(() => Float, { description: "How sure the membership is, 0 to 1." })
  confidence: number;

  @Field(() => BandEnum, { description: "Band of that confidence." })
  band: BandEnum;

  @Field(() => SourceRef, { description: "Who said so last." })
  source: SourceRef;

  @Field(() => DateTime, { description: "Event time of the first statement." })
  firstSeenAt: Date;

  @Field(() => DateTime, { description: "Event time of the last statement." })
  lastSeenAt: Date;

  @Field(() => [AccountStatementType], {
    description: "What each source says, latest first, 100 at most; empty where it is concluded.",
  })
  statements: AccountStatementType[];
}

@ObjectType("AccountMembershipConnection", { description: "Accounts of a person, latest first." })
export class AccountMembershipConnection extends connectionOf(
  "AccountMembership",
  () => AccountMembershipType,
) {}

@ObjectType("AccountConnection", { description: "Accounts, by id." })
export class AccountConnection extends connectionOf("Account", () => AccountType) {}

const statementsShownMax = 100;

export function toAccountType(account: AccountState): AccountType {
  const { id, groupId, traits, createdAt } = account;
  const name = Object.hasOwn(traits, "name") ? traits.name!.value : null;
  const { kind, domains } = readOrganisation(groupId, traits);
  return {
    state: account,
    id,
    groupId,
    kind: kind as AccountKindEnum,
    name: typeof name === "string" ? name : null,
    domains: [...domains],
    createdAt: new Date(createdAt),
  };
}

export function toAccountMembership(of: Membership, band: BandEnum): AccountMembershipType {
  const { account, method, role, confidence, source, firstSeenAt, lastSeenAt, statements } = of;
  return {
    account: toAccountType(account),
    method: method as MembershipMethodEnum,
    role,
    confidence,
    band,
    source: sourceRef(source),
    firstSeenAt: new Date(firstSeenAt),
    lastSeenAt: new Date(lastSeenAt),
    statements: statements.slice(0, statementsShownMax).map((each) => ({
      source: sourceRef(each.source),
      role: each.role,
      firstSeenAt: new Date(each.firstSeenAt),
      lastSeenAt: new Date(each.lastSeenAt),
    })),
  };
}
