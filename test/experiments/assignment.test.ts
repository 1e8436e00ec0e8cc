import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  anchorOf,
  personAssignments,
  variationOf,
} from "../../subgraphs/experiments/domain/assignment.ts";
import {
  type ExperimentPlan,
  problemsOfPlan,
} from "../../subgraphs/experiments/domain/experiment.ts";
import {
  type ExperimentCommand,
  type ExperimentState,
  nextState,
} from "../../subgraphs/experiments/domain/experiment-state.ts";
import { exposureIn, variationNamed } from "../../subgraphs/experiments/domain/read-exposure.ts";

const plan: ExperimentPlan = {
  name: "free-shipping",
  title: null,
  unit: "PERSON",
  audience: null,
  variations: [
    { key: "control", weight: 0.5 },
    { key: "free", weight: 0.5 },
  ],
  seed: "free-shipping",
  hashVersion: 2,
};

describe("the variation of a subject", () => {
  test("given the same subject, then it is always the same, whatever the namespace", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const one = variationOf(plan, `user_id:${value}`);
        expect(variationOf(plan, `user_id:${value}`)).toBe(one);
        expect(variationOf(plan, `email:${value}`)).toBe(one);
      }),
    );
  });

  test("given 20,000 subjects, then shares are those of the weights", () => {
    const weights = [0.2, 0.3, 0.5];
    const three = { ...plan, variations: weights.map((weight, n) => ({ key: `v${n}`, weight })) };
    const counts = [0, 0, 0];
    for (let n = 0; n < 20_000; n += 1) {
      counts[Number(variationOf(three, `user_id:user-${n}`).slice(1))]! += 1;
    }
    // Five standard deviations of a share of one half are 0.018.
    for (const [n, count] of counts.entries()) {
      expect(Math.abs(count / 20_000 - weights[n]!)).toBeLessThan(0.018);
    }
  });

  test("given weights that leave a rest by rounding, then it falls to the last that has a weight", () => {
    const keys = ["a", "b", "c", "none"];
    const rounded = {
      ...plan,
      variations: keys.map((key) => ({ key, weight: key === "none" ? 0 : 0.3333 })),
    };
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(["a", "b", "c"]).toContain(variationOf(rounded, `user_id:${value}`));
      }),
    );
  });
});

describe("a person's assignments", () => {
  const given = (subjectKey: string, variation: string, assignedAt: number, personId = "p") => ({
    experiment: "x",
    subjectKey,
    personId,
    variation,
    assignedAt,
  });

  test("given two from a merge, then the survivor's own one stays, in any order", () => {
    const two = [given("user_id:a", "control", 20, "p"), given("user_id:b", "free", 10, "q")];
    for (const order of [two, [...two].reverse()]) {
      const of = (personId: string) => personAssignments(personId, order, [])[0];
      expect(of("p")).toMatchObject({ variation: "control", isContaminated: true });
      expect(of("q")).toMatchObject({ variation: "free", isContaminated: true });
    }
  });

  test("given two of others, then the earlier one counts, in any order, and it is contaminated", () => {
    const two = [given("user_id:a", "control", 20), given("user_id:b", "free", 10)];
    const merged = [
      { experiment: "x", variation: "free", assignedAt: 10, exposedAt: null, isContaminated: true },
    ];
    expect(personAssignments("r", two, [])).toEqual(merged);
    expect(personAssignments("r", [...two].reverse(), [])).toEqual(merged);
  });

  test("given exposures, then the first counts, and one to another variation contaminates", () => {
    const seen = (variation: string, firstAt: number) => ({
      experiment: "x",
      subjectKey: "user_id:a",
      variation,
      firstAt,
    });
    const one = [given("user_id:a", "free", 10)];
    const [clean] = personAssignments("p", one, [seen("free", 30)]);
    expect(clean).toMatchObject({ exposedAt: 30, isContaminated: false });
    const [mixed] = personAssignments("p", one, [seen("free", 30), seen("control", 25)]);
    expect(mixed).toMatchObject({ exposedAt: 25, isContaminated: true, variation: "free" });
  });

  test("given identifiers of a person, then an assignment hangs on the strongest", () => {
    expect(anchorOf(["anonymous_id:x", "email:a@x.de", "user_id:1", "session_id:9"])).toBe(
      "user_id:1",
    );
    expect(anchorOf(["session_id:9", "anonymous_id:x"])).toBe("anonymous_id:x");
    expect(anchorOf([])).toBeUndefined();
  });
});

describe("an experiment's life", () => {
  const table: [ExperimentState, ExperimentCommand, ExperimentState | null][] = [
    ["DRAFT", "START", "RUNNING"],
    ["DRAFT", "STOP", null],
    ["RUNNING", "START", null],
    ["RUNNING", "STOP", "STOPPED"],
    ["STOPPED", "START", null],
    ["STOPPED", "STOP", null],
  ];
  test.each(table)("given %s, when told to %s, then it is %s", (state, command, to) => {
    const next = nextState(state, command);
    expect(next.to).toBe(to);
    expect(next.problem === null).toBe(to !== null);
  });

  const refusals: [Partial<ExperimentPlan>, string, string[]][] = [
    [{ name: "" }, "INVALID_NAME", ["name"]],
    [{ name: "a\u0000" }, "INVALID_NAME", ["name"]],
    [{ title: "\ud800" }, "INVALID_TITLE", ["title"]],
    [{ audience: " " }, "INVALID_AUDIENCE", ["eligibility", "audience"]],
    [{ seed: "" }, "INVALID_SEED", ["seed"]],
    [{ hashVersion: 3 }, "INVALID_HASH_VERSION", ["hashVersion"]],
    [{ variations: [{ key: "a", weight: 1 }] }, "INVALID_VARIATIONS", ["variations"]],
    [
      {
        variations: [
          { key: "a", weight: 0.5 },
          { key: "b", weight: 0.4 },
        ],
      },
      "INVALID_WEIGHTS",
      ["variations"],
    ],
    [
      {
        variations: [
          { key: "a", weight: 0.5 },
          { key: "a", weight: 0.5 },
        ],
      },
      "DUPLICATE_VARIATION",
      ["variations", "1", "key"],
    ],
    [
      {
        variations: [
          { key: "a", weight: 1.5 },
          { key: "b", weight: -0.5 },
        ],
      },
      "INVALID_WEIGHT",
      ["variations", "0", "weight"],
    ],
    [
      {
        variations: [
          { key: "", weight: 0.5 },
          { key: "b", weight: 0.5 },
        ],
      },
      "INVALID_NAME",
      ["variations", "0", "key"],
    ],
  ];
  test.each(refusals)("given a plan with %j, then %s", (wrong, code, path) => {
    expect(problemsOfPlan({ ...plan, ...wrong })[0]).toMatchObject({ code, path });
  });

  test("given weights that sum to one but for rounding, then the plan stands", () => {
    const variations = ["a", "b", "c"].map((key) => ({ key, weight: 0.3333 }));
    expect(problemsOfPlan({ ...plan, variations })).toEqual([]);
  });
});

describe("an exposure in an event", () => {
  const viewed = { type: "TRACK", name: "Experiment Viewed" };
  const read = (properties: Record<string, unknown>, rest = {}) =>
    exposureIn({ ...viewed, properties, ...rest });

  test("given the names of Segment, of GrowthBook and our own, then it is read", () => {
    const ids = ["experimentId", "experiment_id", "experiment", "experiment_name"];
    const keys = ["variationId", "variation_id", "variation", "variation_name"];
    for (const [n, id] of ids.entries()) {
      expect(read({ [id]: "x", [keys[n]!]: "free" })).toEqual({
        experiments: ["x"],
        variations: ["free"],
      });
    }
    expect(read({ experimentId: "x", variationId: 1 })?.variations).toEqual(["1"]);
  });

  test("given another event, or no experiment, then there is none", () => {
    expect(read({ experiment: "x" }, { name: "Order Completed" })).toBeNull();
    expect(read({ experiment: "x" }, { type: "PAGE" })).toBeNull();
    expect(read({ variation: "free" })).toBeNull();
    expect(read({ experiment: { deep: true } })).toBeNull();
  });

  test("given a variation by key or by place, then it is known, else not", () => {
    expect(variationNamed(plan.variations, ["free"])).toBe("free");
    expect(variationNamed(plan.variations, ["1"])).toBe("free");
    expect(variationNamed(plan.variations, ["7"])).toBeNull();
    expect(variationNamed(plan.variations, ["__proto__"])).toBeNull();
  });
});
