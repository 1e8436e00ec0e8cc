import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { AcceptedEvent } from "../../kernel/announcements/accepted-event.ts";
import type { IdentityChangeKind } from "../../kernel/announcements/identity-announcements.ts";
import { allScopes } from "../../kernel/security/scopes.ts";
import { experimentsModule } from "../../subgraphs/experiments/module.ts";
import { FakeClock, startTestPlatform, type TestPlatform } from "../kernel/test-platform.ts";

type Move = [key: string, from: string | null, to: string | null];
interface Assigned {
  experiment: { name: string };
  variation: string;
  assignedAt: string;
  exposedAt: string | null;
  contaminated: boolean;
}

let platform: TestPlatform;
let number = 0;
const next = (prefix: string) => {
  number += 1;
  return `${prefix}${number}`;
};

beforeAll(async () => {
  platform = await startTestPlatform([experimentsModule], {
    clock: new FakeClock("2026-06-01T12:00:00Z"),
  });
}, 120_000);
afterAll(() => platform?.stop());

async function ask<T>(document: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await platform.ask<T>("experiments", document, variables);
  if (errors?.[0]) throw errors[0];
  return data as T;
}

async function append(
  stream: "identity" | "memberships" | "events",
  kind: string,
  payloads: unknown[],
) {
  const entries = payloads.map((payload) => ({ key: next("k"), kind, payload }));
  await platform.database.transaction((tx) => platform.streams.append(tx, stream, entries));
}

async function change(kind: IdentityChangeKind, moves: Move[], redirects: object[] = []) {
  await append("identity", "CHANGE", [
    {
      id: next("change_"),
      kind,
      occurredAt: "2026-06-01T00:00:00Z",
      personIds: [],
      moves: moves.map(([key, from, to]) => {
        const [namespace, value] = key.split(":");
        return { namespace, value, kind: "PERSON", from, to };
      }),
      redirects,
      actor: null,
      reason: null,
      reverts: null,
      cause: {},
    },
  ]);
  await platform.settle();
}

async function person() {
  const id = next("person_");
  const user = `user_id:${next("u")}`;
  await change("CREATE", [[user, null, id]]);
  return { id, user };
}

async function membership(audience: string, personIds: string[], kind = "ENTERED") {
  const occurredAt = "2026-06-01T00:00:00Z";
  const changes = personIds.map((personId) => ({
    audience,
    version: 1,
    kind,
    personId,
    occurredAt,
    cause: {},
  }));
  await append("memberships", "MEMBERSHIP", changes);
  await platform.settle();
}

async function viewed(
  subject: { id: string; user: string },
  properties: object,
  occurredAt: string,
) {
  const event: Partial<AcceptedEvent> = {
    type: "TRACK",
    name: "Experiment Viewed",
    properties: { ...properties },
    occurredAt,
  };
  await append("events", "ACCEPTED", [event]);
  const position = await platform.streams.head("events");
  await append("identity", "RESOLVED", [
    {
      from: position,
      to: position,
      subjects: [{ position, subjectKey: subject.user, personId: subject.id }],
    },
  ]);
  await platform.settle();
}

const create = `mutation CreateExperiment($input: CreateExperimentInput!) {
  createExperiment(input: $input) {
    experiment { name unit state variations { key weight } }
    problems { code message path }
  }
}`;
const start = `mutation StartExperiment($input: StartExperimentInput!) {
  startExperiment(input: $input) { experiment { name state startedAt } problems { code message path } }
}`;
const stop = `mutation($input: StopExperimentInput!) {
  stopExperiment(input: $input) { experiment { state stoppedAt } problems { code path } }
}`;
const variations = [
  { key: "control", weight: 0.5 },
  { key: "free", weight: 0.5 },
];

/** A running experiment of the test's own, on an audience of its own. */
async function experiment(rest: object = {}) {
  const name = next("experiment-");
  const audience = next("audience-");
  await ask(create, { input: { name, eligibility: { audience }, variations, ...rest } });
  return {
    name,
    audience,
    start: () => ask(start, { input: { name } }),
    stop: () => ask(stop, { input: { name } }),
  };
}

async function assignments(...ids: string[]): Promise<Assigned[][]> {
  const { _entities } = await ask<{ _entities: { assignments: Assigned[] }[] }>(
    `query($r: [_Any!]!) { _entities(representations: $r) { ... on Person {
      assignments { experiment { name } variation assignedAt exposedAt contaminated } } } }`,
    { r: ids.map((id) => ({ __typename: "Person", id })) },
  );
  return _entities.map((entity) => entity.assignments);
}

async function variationOf(id: string, experimentName: string): Promise<string | undefined> {
  const [list] = await assignments(id);
  return list!.find((one) => one.experiment.name === experimentName)?.variation;
}

describe("defining, starting, stopping", () => {
  test("given the contract's example, then it is a draft, then runs, then is over", async () => {
    const input = {
      name: "free-shipping",
      unit: "PERSON",
      eligibility: { audience: "cart-abandoners" },
      variations,
    };
    expect(await ask(create, { input })).toEqual({
      createExperiment: {
        experiment: { name: "free-shipping", unit: "PERSON", state: "DRAFT", variations },
        problems: [],
      },
    });
    expect(await ask(create, { input })).toMatchObject({
      createExperiment: { experiment: null, problems: [{ code: "NAME_TAKEN", path: ["name"] }] },
    });
    expect(await ask(stop, { input: { name: "free-shipping" } })).toMatchObject({
      stopExperiment: { experiment: null, problems: [{ code: "INVALID_STATE" }] },
    });
    expect(await ask(start, { input: { name: "free-shipping" } })).toEqual({
      startExperiment: {
        experiment: {
          name: "free-shipping",
          state: "RUNNING",
          startedAt: "2026-06-01T12:00:00.000Z",
        },
        problems: [],
      },
    });
    expect(await ask(stop, { input: { name: "free-shipping" } })).toMatchObject({
      stopExperiment: { experiment: { state: "STOPPED" }, problems: [] },
    });
    for (const name of ["no such", "\u0000"]) {
      expect(await ask(start, { input: { name } })).toMatchObject({
        startExperiment: {
          experiment: null,
          problems: [{ code: "UNKNOWN_EXPERIMENT", path: ["name"] }],
        },
      });
    }
  });

  test("given experiments, then they are paged by name, and found by name", async () => {
    for (const name of ["p-a", "p-b", "p-c"]) await ask(create, { input: { name, variations } });
    const query =
      "query($after: String) { experiments(first: 2, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }";
    type Page = {
      experiments: {
        nodes: { name: string }[];
        pageInfo: { endCursor: string; hasNextPage: boolean };
      };
    };
    const names: string[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const { experiments } = await ask<Page>(query, { after });
      names.push(...experiments.nodes.map((node) => node.name));
      after = experiments.pageInfo.endCursor;
      more = experiments.pageInfo.hasNextPage;
    }
    expect(names.filter((name) => name.startsWith("p-"))).toEqual(["p-a", "p-b", "p-c"]);
    expect(
      await ask('{ experiment(name: "p-a") { name eligibility { audience { name } } } }'),
    ).toEqual({
      experiment: { name: "p-a", eligibility: { audience: null } },
    });
    expect(await ask('{ experiment(name: "nobody\\u0000") { name } }')).toEqual({
      experiment: null,
    });
  });

  test("given no scope for it, then FORBIDDEN", async () => {
    const scopes = allScopes.filter((one) => one !== "experiments:write");
    const input = { name: "x", variations };
    const { errors } = await platform.ask("experiments", create, { input }, scopes);
    expect((errors![0] as unknown as { originalError: { code: string } }).originalError.code).toBe(
      "FORBIDDEN",
    );
  });
});

describe("who is assigned", () => {
  test("given members before the start and after it, then all of them, and nobody else", async () => {
    const [before, after, outside] = [await person(), await person(), await person()];
    const trial = await experiment();
    await membership(trial.audience, [before.id]);
    expect(await assignments(before.id)).toEqual([[]]);
    await trial.start();
    await membership(trial.audience, [after.id]);
    const [one, two, none] = await assignments(before.id, after.id, outside.id);
    expect([one!.length, two!.length, none!.length]).toEqual([1, 1, 0]);
    expect(one![0]).toMatchObject({
      assignedAt: "2026-06-01T12:00:00.000Z",
      exposedAt: null,
      contaminated: false,
    });
  });

  test("given a member whose identifiers come later, then the assignment comes with them", async () => {
    const trial = await experiment();
    await trial.start();
    const id = next("person_");
    await membership(trial.audience, [id]);
    expect(await variationOf(id, trial.name)).toBeUndefined();
    await change("CREATE", [[`user_id:${id}`, null, id]]);
    expect(await variationOf(id, trial.name)).toMatch(/control|free/);
  });

  test("given an assignment, when the person leaves the audience or the experiment stops, then it stays", async () => {
    const [ana, late] = [await person(), await person()];
    const trial = await experiment();
    await trial.start();
    await membership(trial.audience, [ana.id]);
    const given = await variationOf(ana.id, trial.name);
    await membership(trial.audience, [ana.id], "EXITED");
    await trial.stop();
    await membership(trial.audience, [late.id]);
    expect(await variationOf(ana.id, trial.name)).toBe(given);
    expect(await variationOf(late.id, trial.name)).toBeUndefined();
  });

  test("given an experiment for everybody, then everybody known now or later is assigned", async () => {
    const early = await person();
    const trial = await experiment({ eligibility: null });
    await trial.start();
    const late = await person();
    expect(await variationOf(early.id, trial.name)).toMatch(/control|free/);
    expect(await variationOf(late.id, trial.name)).toMatch(/control|free/);
    await trial.stop();
  });

  test("given more members than a page, then all are assigned, and the counts say so", async () => {
    const trial = await experiment();
    const ids = Array.from({ length: 2_600 }, () => next("person_"));
    await append(
      "identity",
      "CHANGE",
      ids.map((id) => ({
        id,
        kind: "CREATE",
        occurredAt: "2026-06-01T00:00:00Z",
        personIds: [id],
        redirects: [],
        cause: {},
        moves: [{ namespace: "user_id", value: id, kind: "PERSON", from: null, to: id }],
      })),
    );
    await membership(trial.audience, ids);
    await trial.start();
    const query = `{ experiment(name: "${trial.name}") { variations { key assignedCount exposedCount } } }`;
    type Counts = {
      experiment: { variations: { key: string; assignedCount: number; exposedCount: number }[] };
    };
    const total = async () => {
      const { experiment: found } = await ask<Counts>(query);
      return found.variations.reduce((sum, one) => sum + one.assignedCount, 0);
    };
    while ((await total()) < ids.length) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await total()).toBe(ids.length);
    const { experiment: found } = await ask<Counts>(query);
    for (const one of found.variations) expect(one.assignedCount / ids.length).toBeCloseTo(0.5, 1);
  });
});

describe("merge and split", () => {
  /** Two persons with different variations; the first was assigned a minute earlier. */
  async function rivals(trial: { name: string; audience: string }) {
    const first = await person();
    await membership(trial.audience, [first.id]);
    platform.clock.advanceMs(60_000);
    const mine = await variationOf(first.id, trial.name);
    for (;;) {
      const other = await person();
      await membership(trial.audience, [other.id]);
      const theirs = await variationOf(other.id, trial.name);
      if (theirs !== mine) return { first, other, mine, theirs };
    }
  }

  test("given two variations, when merged, then the survivor keeps its own; a split gives back", async () => {
    const trial = await experiment();
    await trial.start();
    const { first, other, mine, theirs } = await rivals(trial);
    await change("MERGE", [[first.user, first.id, other.id]], [{ from: first.id, to: other.id }]);
    const [merged, byOldId] = await assignments(other.id, first.id);
    expect(merged).toMatchObject([{ variation: theirs, contaminated: true }]);
    expect(byOldId).toEqual(merged);
    await change("SPLIT", [[first.user, other.id, first.id]], [{ from: first.id, to: first.id }]);
    const [one, two] = await assignments(first.id, other.id);
    expect(one).toMatchObject([{ variation: mine, contaminated: false }]);
    expect(two).toMatchObject([{ variation: theirs, contaminated: false }]);
  });

  test("given an erasure, then assignments go with their identifiers", async () => {
    const trial = await experiment();
    await trial.start();
    const ana = await person();
    await membership(trial.audience, [ana.id]);
    await change("ERASE", [[ana.user, ana.id, null]]);
    const text = "select 1 from experiments.assignments where subject_key = $1";
    expect(await platform.database.query(text, [ana.user])).toEqual([]);
  });
});

describe("exposures", () => {
  test("given events, then the first one is the exposure, and counts once a person", async () => {
    const trial = await experiment();
    await trial.start();
    const ana = await person();
    await membership(trial.audience, [ana.id]);
    const variation = await variationOf(ana.id, trial.name);
    const seen = { experiment_id: trial.name, variation_name: variation };
    await viewed(ana, seen, "2026-06-01T12:05:00.000Z");
    await viewed(ana, seen, "2026-06-01T12:04:00.000Z");
    await viewed(ana, seen, "2026-06-01T12:06:00.000Z");
    await viewed(ana, { experiment: "unheard of", variation }, "2026-06-01T12:03:00.000Z");
    const [list] = await assignments(ana.id);
    expect(list).toMatchObject([{ exposedAt: "2026-06-01T12:04:00.000Z", contaminated: false }]);
    const { experiment: found } = await ask<{
      experiment: { variations: { key: string; exposedCount: number }[] };
    }>(`{ experiment(name: "${trial.name}") { variations { key exposedCount } } }`);
    expect(found.variations.find((one) => one.key === variation)?.exposedCount).toBe(1);
  });

  test("given events of before the start and after the stop, whenever they come in, then they count for nothing", async () => {
    platform.clock.set("2026-06-02T12:00:00.000Z");
    const trial = await experiment();
    await trial.start();
    const ana = await person();
    await viewed(ana, { experiment: trial.name, variation: "free" }, "2026-06-02T11:59:59.999Z");
    await membership(trial.audience, [ana.id]);
    const variation = await variationOf(ana.id, trial.name);
    platform.clock.advanceMs(1_000);
    await trial.stop();
    const seen = { experiment: trial.name, variation };
    const other = { ...seen, variation: variation === "free" ? "control" : "free" };
    await viewed(ana, other, "2026-06-02T12:00:01.001Z");
    await viewed(ana, other, "2026-05-01T12:00:00.000Z");
    expect((await assignments(ana.id))[0]).toMatchObject([
      { exposedAt: null, contaminated: false },
    ]);
    await viewed(ana, seen, "2026-06-02T12:00:01.000Z");
    await viewed(ana, seen, "2026-06-02T12:00:00.000Z");
    expect((await assignments(ana.id))[0]).toMatchObject([
      { exposedAt: "2026-06-02T12:00:00.000Z", contaminated: false },
    ]);
  });

  test("given a variation seen before the assignment, then the person keeps what was seen", async () => {
    const trial = await experiment();
    await trial.start();
    for (const key of ["control", "free"]) {
      const someone = await person();
      await viewed(
        someone,
        { experimentId: trial.name, variationId: key },
        platform.clock.now().toISOString(),
      );
      await membership(trial.audience, [someone.id]);
      expect(await variationOf(someone.id, trial.name)).toBe(key);
    }
  });
});
