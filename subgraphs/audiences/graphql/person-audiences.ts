import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from "type-graphql";
import {
  decodeCursor,
  encodeCursor,
  pageSize,
  toConnection,
} from "../../../kernel/federation/connection.ts";
import type { RequestContext } from "../../../kernel/federation/request-context.ts";
import { requires } from "../../../kernel/federation/requires.ts";
import { activeVersionOf } from "../domain/audience.ts";
import type { AudienceReading, PersonMembership } from "../service/audience-reading.ts";
import {
  PersonAudienceConnection,
  type PersonAudienceType,
  PersonType,
  toAudienceType,
} from "./audience-types.ts";

function toNode({ audience, membership }: PersonMembership): PersonAudienceType {
  return {
    audience: toAudienceType(audience, activeVersionOf(audience)),
    version: membership.version,
    enteredAt: membership.enteredAt!,
  };
}

@Resolver(() => PersonType)
export class PersonAudiences {
  private readonly reading: AudienceReading;

  constructor(reading: AudienceReading) {
    this.reading = reading;
  }

  @FieldResolver(() => PersonAudienceConnection, {
    nullable: true,
    description: "Audiences that the person is in now, the first defined first.",
  })
  @requires("profiles:read")
  async audiences(
    @Root() person: PersonType,
    @Arg("first", () => Int, { nullable: true, description: "Page size, 0–500; default 20." })
    first: number | null,
    @Arg("after", () => String, { nullable: true, description: "`endCursor` of the page before." })
    after: string | null,
    @Ctx() context: RequestContext,
  ): Promise<PersonAudienceConnection> {
    context.authorise("profiles:read");
    const size = pageSize(first);
    const place = Number(decodeCursor("memberships", after)?.[0] ?? 0);
    const all = await this.loader(context).load(person.id);
    const rest = all.filter(({ audience }) => audience.id > place);
    const cursorOf = ({ audience }: PersonMembership) => encodeCursor("memberships", [audience.id]);
    return { ...toConnection(rest, size, cursorOf, toNode), totalCount: all.length };
  }

  private loader(context: RequestContext) {
    return context.loader<string, PersonMembership[]>("audiences-of-person", async (personIds) => {
      const found = await this.reading.audiencesOf(personIds);
      return personIds.map((personId) => found.get(personId) ?? []);
    });
  }
}
