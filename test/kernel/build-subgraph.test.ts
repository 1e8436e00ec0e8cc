import "reflect-metadata";
import { describe, expect, test } from "@jest/globals";
import { graphql } from "graphql";
import {
  Arg,
  Args,
  ArgsType,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from "type-graphql";
import { buildSubgraph } from "../../kernel/federation/build-subgraph.ts";
import { connectionOf } from "../../kernel/federation/connection.ts";
import { requires } from "../../kernel/federation/requires.ts";

@ObjectType("Person", { description: "One human." })
@Directive('@key(fields: "id")')
class PersonA {
  @Field(() => ID, { description: "Id." })
  id: string;
}

@InputType("PersonBy", { description: "Whom." })
@Directive("@oneOf")
class PersonBy {
  @Field(() => ID, { nullable: true, description: "Id." })
  id?: string;

  @Field(() => String, { nullable: true, description: "Name." })
  name?: string;
}

@ObjectType("PersonConnection", { description: "Persons." })
class PersonConnection extends connectionOf("Person", () => PersonA) {}

@ArgsType()
class SinceArgs {
  @Field(() => Date, { nullable: true, description: "Since." })
  since?: Date;
}

@Resolver(() => PersonA)
class PersonResolver {
  private readonly prefix: string;
  constructor(prefix: string) {
    this.prefix = prefix;
  }

  @Query(() => PersonA, { nullable: true, description: "One." })
  @requires("profiles:read")
  person(@Arg("by", () => PersonBy, { description: "Whom." }) by: PersonBy): PersonA {
    return { id: this.prefix + by.id };
  }

  @Query(() => PersonConnection, { description: "All." })
  persons(@Args(() => SinceArgs) args: SinceArgs): PersonConnection {
    return {
      nodes: [{ id: String(args.since?.getTime()) }],
      edges: [],
      pageInfo: { hasNextPage: false, endCursor: null },
    };
  }

  @Subscription(() => Number, {
    description: "Ticks.",
    subscribe: async function* () {
      yield 1;
    },
  })
  ticks(@Root() tick: number): number {
    return tick;
  }
}

@ObjectType("Person", { description: "One human." })
@Directive('@key(fields: "id")')
class PersonB {
  @Field(() => ID, { description: "Id." })
  id: string;
}

@Resolver(() => PersonB)
class PersonBResolver {
  @FieldResolver(() => String, { description: "Greeting." })
  greeting(@Root() person: PersonB): string {
    return `hello ${person.id}`;
  }

  @Query(() => String, { description: "B." })
  b(): string {
    return "b";
  }
}

describe("two subgraphs in one process", () => {
  const a = buildSubgraph({ name: "a", resolvers: [new PersonResolver("p")] });
  const b = buildSubgraph({
    name: "b",
    resolvers: [new PersonBResolver()],
    orphanedTypes: [PersonB],
    references: { Person: (reference: { id: string }) => ({ id: reference.id }) },
  });

  test("given classes of the same name, when built, then each schema has its own", () => {
    expect(a.sdl).toContain("input PersonBy @oneOf");
    expect(a.sdl).toContain('@requiresScopes(scopes: [["profiles:read"]])');
    expect(a.sdl).not.toContain("greeting");
    expect(b.sdl).toContain("greeting");
    expect(b.sdl).not.toContain("persons");
    expect(a.sdl).not.toContain("PersonPage");
  });

  test("given a query, when executed, then the resolver instance answers", async () => {
    const result = await graphql({
      schema: a.schema,
      source:
        '{ person(by: {id: "1"}) { id } persons(since: "2026-01-01T00:00:00Z") { nodes { id } } }',
    });
    expect(result).toEqual({
      data: { person: { id: "p1" }, persons: { nodes: [{ id: "1767225600000" }] } },
    });
  });

  test("given two members of a oneOf input, when executed, then it is refused", async () => {
    const result = await graphql({
      schema: a.schema,
      source: "query($by: PersonBy!) { person(by: $by) { id } }",
      variableValues: { by: { id: "1", name: "x" } },
    });
    expect(result.errors?.[0]?.message).toMatch(/[Ee]xactly one/);
  });

  test("given an entity reference, when resolved, then its fields answer", async () => {
    const result = await graphql({
      schema: b.schema,
      source:
        "query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { greeting } } }",
      variableValues: { r: [{ __typename: "Person", id: "7" }] },
    });
    expect(result).toEqual({ data: { _entities: [{ greeting: "hello 7" }] } });
  });
});
