import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse, subscribe } from "graphql";
import { RequestContext } from "../../kernel/federation/request-context.ts";
import { allScopes, type Scope } from "../../kernel/security/scopes.ts";
import { cursorOf } from "../../kernel/streams/cursor.ts";
import { ConsentWorld, decisions, identifier } from "./consent-world.ts";

let world: ConsentWorld;
const ana = { namespace: "email", value: "ana@example.com" };

beforeAll(async () => {
  world = await ConsentWorld.open();
  await world.define("marketing", { channels: ["EMAIL", "PUSH"] });
  await world.define("analytics");
  await world.change("CREATE", "2026-01-01T00:00:00Z", [
    ["email:ana@example.com", null, "ana"],
    ["email:ana@work.example", null, "ana"],
    ["phone:+4915112345678", null, "ana"],
  ]);
}, 120_000);
afterAll(() => world?.platform.stop());

/** The fields of persons, as the gateway asks for them. */
async function persons(ids: string[], fields: string) {
  const { _entities } = await world.ask<{ _entities: Record<string, never>[] }>(
    `query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { ${fields} } } }`,
    { r: ids.map((id) => ({ __typename: "Person", id })) },
  );
  return _entities;
}

describe("definePurpose", () => {
  const define = `mutation DefinePurpose($input: DefinePurposeInput!) {
    definePurpose(input: $input) { purpose { name title channels basis } problems { code message path } }
  }`;

  test("given the contract's example, then the purpose is given back, and defined anew by any case", async () => {
    const input = { name: "news", title: "Marketing messages", channels: ["EMAIL", "PUSH"] };
    const purpose = { ...input, basis: "CONSENT" };
    expect(await world.ask(define, { input })).toEqual({
      definePurpose: { purpose, problems: [] },
    });
    await world.ask(define, { input: { ...input, name: "News", title: "Anew" } });
    const { purposes } = await world.ask<{ purposes: { title: string }[] }>(
      "{ purposes { title } }",
    );
    expect(purposes.filter((one) => one.title === "Anew")).toHaveLength(1);
    expect(purposes.some((one) => one.title === "Marketing messages")).toBe(false);
  });

  const refusals = [
    [{ name: " x" }, "INVALID_NAME", ["name"]],
    [{ name: "" }, "INVALID_NAME", ["name"]],
    [{ name: "a\u0000" }, "INVALID_NAME", ["name"]],
    [{ title: "  " }, "INVALID_TITLE", ["title"]],
    [{ title: "\ud800" }, "INVALID_TITLE", ["title"]],
    [{ categories: ["fine", "\u0000"] }, "INVALID_NAME", ["categories", "1"]],
    [
      { categories: Array.from({ length: 51 }, (_, n) => `c${n}`) },
      "TOO_MANY_CATEGORIES",
      ["categories"],
    ],
  ] as const;
  test.each(refusals)("given %j, then it is refused with %s", async (wrong, code, path) => {
    const input = { name: "fine", title: "Fine", ...wrong };
    const { definePurpose } = await world.ask<{ definePurpose: Record<string, never> }>(define, {
      input,
    });
    expect(definePurpose).toMatchObject({ purpose: null, problems: [{ code, path }] });
  });
});

describe("recordConsent", () => {
  const record = `mutation RecordConsent($input: RecordConsentInput!) {
    recordConsent(input: $input) {
      statement { id kind purpose channel statedAt method source { name } identifier { value } }
      problems { code message path }
    }
  }`;

  test("given the contract's example, then the statement is given back and stands in the person's list", async () => {
    const input = {
      identifier: { namespace: "email", value: " Ana@Example.com" },
      purpose: "marketing",
      channel: "EMAIL",
      kind: "GRANT",
      method: "preference-centre",
      statedAt: "2026-01-01T10:00:00Z",
    };
    const { recordConsent } = await world.ask<{ recordConsent: unknown }>(record, { input });
    const statement = {
      id: expect.stringMatching(/^statement_/),
      kind: "GRANT",
      purpose: "marketing",
      channel: "EMAIL",
      statedAt: "2026-01-01T10:00:00.000Z",
      method: "preference-centre",
      source: null,
      identifier: { value: "ana@example.com" },
    };
    expect(recordConsent).toEqual({ statement, problems: [] });
  });

  test("given a clock a little ahead of ours, then it was said when we heard it, so that what is said next counts", async () => {
    const input = {
      identifier: { namespace: "email", value: "skewed@example.com" },
      purpose: "marketing",
      channel: "EMAIL",
      kind: "GRANT",
      statedAt: "2026-06-01T12:04:00Z",
    };
    const { recordConsent } = await world.ask<{ recordConsent: unknown }>(record, { input });
    const statedAt = "2026-06-01T12:00:00.000Z";
    expect(recordConsent).toMatchObject({ statement: { statedAt }, problems: [] });
  });

  const refusals = [
    [{ purpose: "unheard-of" }, "UNKNOWN_PURPOSE", ["purpose"]],
    [{ channel: "SMS" }, "CHANNEL_NOT_IN_PURPOSE", ["channel"]],
    [{ statedAt: "2026-06-01T12:06:00Z" }, "STATED_IN_FUTURE", ["statedAt"]],
    [{ expiresAt: "2026-06-01T11:00:00Z" }, "EXPIRES_TOO_EARLY", ["expiresAt"]],
    [{ method: "\u0000" }, "INVALID_METHOD", ["method"]],
    [
      { identifier: { namespace: "email", value: "no address" } },
      "INVALID_IDENTIFIER",
      ["identifier", "value"],
    ],
    [
      { identifier: { namespace: "e mail", value: "x@y.z" } },
      "INVALID_IDENTIFIER",
      ["identifier", "value"],
    ],
    [
      { identifier: { namespace: "user_id", value: "\u0000" } },
      "INVALID_IDENTIFIER",
      ["identifier", "value"],
    ],
    [
      { identifier: { namespace: "user_id", value: "x".repeat(513) } },
      "INVALID_IDENTIFIER",
      ["identifier", "value"],
    ],
    [{ source: "\u0000" }, "INVALID_SOURCE", ["source"]],
  ] as const;
  test.each(refusals)("given %j, then it is refused with %s", async (wrong, code, path) => {
    const input = { identifier: ana, purpose: "marketing", kind: "GRANT", ...wrong };
    const { recordConsent } = await world.ask<{ recordConsent: Record<string, never> }>(record, {
      input,
    });
    expect(recordConsent).toMatchObject({ statement: null, problems: [{ code, path }] });
  });

  test("given several faults, then all are told at once", async () => {
    const problems = await world.record("email:nobody", {
      purpose: "no",
      statedAt: "2030-01-01T00:00:00Z",
    });
    expect(problems).toEqual(["INVALID_IDENTIFIER", "UNKNOWN_PURPOSE", "STATED_IN_FUTURE"]);
  });
});

describe("suppressions", () => {
  const suppress = `mutation Suppress($input: SuppressInput!) {
    suppress(input: $input) { suppression { id channel reason createdAt } problems { code message path } }
  }`;
  const lift = `mutation($input: LiftSuppressionInput!) {
    liftSuppression(input: $input) { suppressions { id liftedAt } problems { code path } }
  }`;

  test("given a bounced address, then a send to it is denied, another address is not, and lifting ends it", async () => {
    await world.record("phone:+49 151 12345678", {});
    const input = {
      identifier: { namespace: "email", value: "ANA@example.com" },
      channel: "EMAIL",
      reason: "HARD_BOUNCE",
    };
    const first = await world.ask<{ suppress: { suppression: { id: string } } }>(suppress, {
      input,
    });
    const again = await world.ask<{ suppress: { suppression: { id: string } } }>(suppress, {
      input,
    });
    expect(again.suppress.suppression.id).toBe(first.suppress.suppression.id);

    const to = (...values: string[]) => ({ addresses: values.map(identifier) });
    expect(await world.decide("ana", to("email:ana@example.com"))).toBe(
      "DENY SUPPRESSED_HARD_BOUNCE",
    );
    expect(await world.decide("ana", to("email:ANA@work.example"))).toBe("ALLOW CONSENT_GRANTED");
    expect(await world.decide("ana", to("phone:+4915112345678"))).toBe("ALLOW CONSENT_GRANTED");
    expect(await world.decide("ana")).toBe("ALLOW CONSENT_GRANTED");
    expect(await world.decide("ana", { ...to("email:ana@example.com"), channel: "PUSH" })).toBe(
      "ALLOW CONSENT_GRANTED",
    );
    expect(await world.decide("ana", { ...to("email:ana@example.com"), operation: "REMOVE" })).toBe(
      "ALLOW RESTRICTIVE_OPERATION",
    );

    const lifted = await world.ask<{ liftSuppression: { suppressions: unknown[] } }>(lift, {
      input: { identifier: ana },
    });
    expect(lifted.liftSuppression.suppressions).toHaveLength(1);
    expect(await world.decide("ana", to("email:ana@example.com"))).toBe("ALLOW CONSENT_GRANTED");
    expect(await world.ask(lift, { input: { identifier: ana } })).toEqual({
      liftSuppression: {
        suppressions: [],
        problems: [{ code: "NOT_SUPPRESSED", path: ["identifier"] }],
      },
    });
  });

  test("given many, then they are paged, newest first", async () => {
    world.platform.clock.advanceMs(1_000);
    for (const n of [1, 2, 3]) {
      const identifierOfOne = { namespace: "email", value: `s${n}@example.com` };
      await world.ask(suppress, { input: { identifier: identifierOfOne, reason: "MANUAL" } });
      world.platform.clock.advanceMs(1_000);
    }
    const query = `query($after: String) { suppressions(first: 2, after: $after) {
      nodes { identifier { value } } pageInfo { hasNextPage endCursor } } }`;
    type Page = {
      suppressions: { nodes: { identifier: { value: string } }[]; pageInfo: { endCursor: string } };
    };
    const one = await world.ask<Page>(query);
    const two = await world.ask<Page>(query, { after: one.suppressions.pageInfo.endCursor });
    const values = [one, two].map((page) =>
      page.suppressions.nodes.map((node) => node.identifier.value),
    );
    expect(values).toEqual([
      ["s3@example.com", "s2@example.com"],
      ["s1@example.com", "ana@example.com"],
    ]);
  });
});

describe("on the person", () => {
  test("given no channel, then there is a decision for each channel of the purpose", async () => {
    await world.change("CREATE", "2026-01-01T00:00:00Z", [["email:bo@example.com", null, "bo"]]);
    await world.record("email:bo@example.com", { channel: "EMAIL" });
    const fields =
      'consentDecisions(purposes: ["marketing", "analytics"]) { purpose channel outcome reasons { code message } }';
    const [bo] = await persons(["bo"], fields);
    const no = expect.objectContaining({ outcome: "DENY" });
    expect(bo!["consentDecisions"]).toEqual([
      {
        purpose: "marketing",
        channel: "EMAIL",
        outcome: "ALLOW",
        reasons: [{ code: "CONSENT_GRANTED", message: "The person consented." }],
      },
      no,
      expect.objectContaining({ purpose: "analytics", channel: null, outcome: "DENY" }),
    ]);
  });

  test("given fifty persons, then their decisions take a handful of statements", async () => {
    const { database } = world.platform;
    let statements = 0;
    const query = database.query.bind(database);
    database.query = ((...given: Parameters<typeof query>) => {
      statements += 1;
      return query(...given);
    }) as typeof database.query;
    try {
      const ids = Array.from({ length: 50 }, (_, n) => `person_${n}`);
      await persons(ids, "consentDecisions { outcome } consentStatements { nodes { id } }");
    } finally {
      database.query = query;
    }
    expect(statements).toBeLessThanOrEqual(8);
  });

  test("given statements, then they are paged newest first, masked without pii:read", async () => {
    await world.change("CREATE", "2026-01-01T00:00:00Z", [["email:cy@example.com", null, "cy"]]);
    for (const day of [1, 2, 3]) {
      await world.record("email:cy@example.com", { statedAt: `2026-01-0${day}T00:00:00Z` });
    }
    const page = (after: string) =>
      persons(
        ["cy"],
        `consentStatements(first: 2${after}) { nodes { statedAt } pageInfo { hasNextPage endCursor } }`,
      );
    const [first] = (await page("")) as unknown as [
      { consentStatements: { nodes: unknown[]; pageInfo: { endCursor: string } } },
    ];
    expect(first.consentStatements).toMatchObject({
      nodes: [{ statedAt: "2026-01-03T00:00:00.000Z" }, { statedAt: "2026-01-02T00:00:00.000Z" }],
      pageInfo: { hasNextPage: true },
    });
    const [second] = await page(
      `, after: ${JSON.stringify(first.consentStatements.pageInfo.endCursor)}`,
    );
    expect(second!["consentStatements"]).toMatchObject({
      nodes: [{ statedAt: "2026-01-01T00:00:00.000Z" }],
      pageInfo: { hasNextPage: false },
    });
  });

  test("given no pii:read, then identifiers are masked, and remarks that may name them", async () => {
    const input = {
      identifier: { namespace: "email", value: "noted@example.com" },
      reason: "MANUAL",
      note: "noted@example.com asked us on the phone",
    };
    await world.ask(
      "mutation($input: SuppressInput!) { suppress(input: $input) { problems { code } } }",
      { input },
    );
    const { data } = await world.platform.ask<{
      suppressions: { nodes: { identifier: unknown; note: string | null }[] };
    }>("consent", "{ suppressions { nodes { identifier { namespace value } note } } }", {}, [
      "profiles:read",
    ]);
    expect(data!.suppressions.nodes.some((node) => node.note !== null)).toBe(true);
    expect(JSON.stringify(data)).not.toContain("example.com");
  });
});

describe("who may", () => {
  const cases: [string, string, Record<string, unknown>, Scope][] = [
    ["read purposes", "{ purposes { name } }", {}, "profiles:read"],
    ["read suppressions", "{ suppressions { nodes { id } } }", {}, "profiles:read"],
    ["decide", decisions, { requests: [] }, "profiles:read"],
    [
      "define",
      'mutation { definePurpose(input: { name: "x", title: "x" }) { problems { code } } }',
      {},
      "consent:write",
    ],
  ];
  test.each(cases)(
    "given no scope for it, when asked to %s, then FORBIDDEN",
    async (_, document, variables, scope) => {
      const scopes = allScopes.filter((one) => one !== scope);
      const { errors } = await world.platform.ask("consent", document, variables, scopes);
      expect(
        (errors![0] as unknown as { originalError: { code: string } }).originalError.code,
      ).toBe("FORBIDDEN");
    },
  );
});

test("given more requests than one question takes, then it is an error", async () => {
  const requests = Array.from({ length: 501 }, () => ({ personId: "p", purpose: "marketing" }));
  await expect(world.ask(decisions, { requests })).rejects.toThrow("At most 500 requests");
});

test("given a subscriber with a cursor, then it gets what was missed and then what comes, by purpose", async () => {
  const after = cursorOf("consent", await world.platform.streams.head("consent"));
  await world.record("email:ana@example.com", { channel: "EMAIL" });
  const { schema } = world.platform.running.subgraphs.get("consent")!.schema;
  const document = parse(`subscription ConsentChanged($after: Cursor) {
    consentChanged(after: $after, purposes: ["MARKETING"]) {
      cursor occurredAt purpose channel identifier { namespace value } person { id } } }`);
  const contextValue = new RequestContext({ id: "key_test", scopes: allScopes });
  const stream = await subscribe({ schema, document, variableValues: { after }, contextValue });
  if (!(Symbol.asyncIterator in stream)) throw stream.errors![0];
  const next = async () =>
    (await stream.next()).value?.data?.["consentChanged"] as Record<string, unknown>;
  expect(await next()).toMatchObject({
    purpose: "marketing",
    channel: "EMAIL",
    identifier: ana,
    person: { id: "ana" },
  });
  const waiting = next();
  await world.record("email:ana@example.com", { purpose: "analytics" });
  await world.record("user_id:unknown-yet", {});
  expect(await waiting).toMatchObject({ purpose: "marketing", channel: null, person: null });
  await stream.return(undefined);
});
