import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startTestGateway, type TestGateway } from "./test-gateway.ts";

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({}, [], ["scores"]);
}, 60_000);
afterAll(() => gateway.stop());

const unavailable = {
  message: "The part scores does not answer.",
  extensions: { code: "UNAVAILABLE", retryable: true, part: "scores" },
};

describe("given a part that cannot be reached", () => {
  test("when a person is asked for, then the others answer, and the error stands at its field", async () => {
    const answer = await gateway.ask('{ person(by: { id: "p1" }) { id name points: score } }');
    expect(answer.data).toEqual({ person: { id: "p1", name: "Ana", points: null } });
    expect(answer.errors).toMatchObject([{ ...unavailable, path: ["person", "points"] }]);
    expect(answer.errors).toHaveLength(1);
  });

  test("when many are asked for, then each has an error at each field, and all are one in the log", async () => {
    const answer = await gateway.ask(
      "{ persons(first: 2) { id score secretScore friends { score } } }",
    );
    const nothing = { score: null, secretScore: null, friends: [{ score: null }] };
    expect(answer.data.persons).toEqual([
      { id: "p0", ...nothing },
      { id: "p1", ...nothing },
    ]);
    const paths = answer.errors!.map(({ path }) => path!.join("."));
    const fields = ["score", "secretScore", "friends.0.score"];
    const expected = [0, 1].flatMap((at) => fields.map((field) => `persons.${at}.${field}`));
    expect(paths.sort()).toEqual(expected.sort());
    for (const error of answer.errors!) expect(error).toMatchObject(unavailable);
    const perPlace = new Set(answer.errors!.map(({ extensions }) => extensions.reference));
    expect(perPlace.size).toBeLessThanOrEqual(2);
  });
});

describe("given the part of the root cannot be reached", () => {
  test("when it is asked, then each root field has the error under its own name", async () => {
    const other = await startTestGateway({}, [], ["people"]);
    try {
      const answer = await other.ask('{ one: person(by: { id: "p1" }) { id } }');
      expect(answer.data).toBeNull();
      expect(answer.errors).toMatchObject([
        { path: ["one"], extensions: { code: "UNAVAILABLE", part: "people" } },
      ]);
    } finally {
      await other.stop();
    }
  });
});
