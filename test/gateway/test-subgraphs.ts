import "reflect-metadata";
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from "type-graphql";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import { buildSubgraph } from "../../kernel/federation/build-subgraph.ts";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { requires } from "../../kernel/federation/requires.ts";
import { Cursor, Json } from "../../kernel/federation/scalars.ts";
import { cursorOf } from "../../kernel/streams/cursor.ts";
import type { StreamEntry } from "../../kernel/streams/stream.ts";
import type { Streams } from "../../kernel/streams/streams.ts";

/** How often the test subgraphs did their work: what sharing saves. */
export const work = { events: 0, scores: 0 };

@InputType()
@Directive("@oneOf")
class PersonBy {
  @Field(() => ID, { nullable: true })
  id?: string;

  @Field(() => String, { nullable: true })
  email?: string;
}

@ObjectType("Person")
@Directive('@key(fields: "id")')
class Person {
  @Field(() => ID)
  id: string;

  @Field(() => String)
  name: string;
}

@ObjectType()
class ProfileChange {
  @Field(() => Cursor)
  cursor: string;

  @Field(() => Person, { nullable: true })
  person: Person | null;
}

@Resolver(() => Person)
class PeopleResolver {
  @Query(() => Person, { nullable: true })
  @requires("profiles:read")
  person(@Ctx() context: RequestContext, @Arg("by", () => PersonBy) by: PersonBy): Person {
    context.authorise("profiles:read");
    if (by.id === "broken") throw new Error("a secret of ours: 4711");
    if (by.id === "missing") throw new DomainError("NOT_FOUND", "There is no such person.");
    return { id: by.id ?? "p1", name: context.may("pii:read") ? "Ana" : "A…" };
  }

  @Query(() => [Person])
  @requires("profiles:read")
  persons(@Arg("first", () => Int, { nullable: true }) first: number | null): Person[] {
    return Array.from({ length: first ?? 2 }, (_, index) => ({ id: `p${index}`, name: "x" }));
  }

  @Subscription(() => ProfileChange, {
    subscribe: ({ args, context }) => {
      (context as RequestContext).authorise("profiles:read");
      return PeopleResolver.streams.subscribe("identity", { after: args["after"] as string });
    },
  })
  @requires("profiles:read")
  profileChanged(
    @Root() entry: StreamEntry,
    @Arg("after", () => Cursor, { nullable: true }) _after?: string,
  ): ProfileChange {
    work.events += 1;
    return {
      cursor: cursorOf("identity", entry.position),
      person: { id: entry.key, name: `name of ${entry.key}` },
    };
  }

  @FieldResolver(() => [Person])
  friends(@Root() person: Person): Person[] {
    return [{ id: `${person.id}-friend`, name: "friend" }];
  }

  @FieldResolver(() => Json, { nullable: true })
  unspeakable(): unknown {
    return { noJson: 10n };
  }

  static streams: Streams;
}

@ObjectType("Person")
@Directive('@key(fields: "id")')
class ScoredPerson {
  @Field(() => ID)
  id: string;
}

@Resolver(() => ScoredPerson)
class ScoreResolver {
  @FieldResolver(() => Int, { nullable: true })
  score(@Root() person: ScoredPerson, @Ctx() context: RequestContext): Promise<number> {
    const load = async (ids: readonly string[]) => {
      work.scores += 1;
      return ids.map((id) => (id === "unlucky" ? new Error("no score") : id.length));
    };
    return context.loader("score", load).load(person.id);
  }

  @FieldResolver(() => String, { nullable: true })
  @requires("pii:read")
  secretScore(): string {
    return "42";
  }
}

export function peopleSubgraph(streams: Streams) {
  PeopleResolver.streams = streams;
  return buildSubgraph({
    name: "people",
    resolvers: [new PeopleResolver()],
    references: { Person: ({ id }: { id: string }) => ({ id, name: `name of ${id}` }) },
  });
}

export function scoresSubgraph() {
  return buildSubgraph({
    name: "scores",
    resolvers: [new ScoreResolver()],
    orphanedTypes: [ScoredPerson],
    references: { Person: ({ id }: { id: string }) => ({ id }) },
  });
}
