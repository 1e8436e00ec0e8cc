import { expect, test } from "@jest/globals";
import { versionProblem } from "../../kernel/graph/server-version.ts";

test.each(["Neo4j/5.26.0", "Neo4j/5.26.17", "Neo4j/5.27-aura", "Neo4j/2025.01.0", "Neo4j/6.1.0"])(
  "given Neo4j that is new enough (%s), when asked, then nothing is wrong",
  (agent) => expect(versionProblem(agent)).toBeNull(),
);

test.each([undefined, "", "Memgraph/3.1", "Neo4j/dev"])(
  "given a server that does not say its version (%s), when asked, then it may try",
  (agent) => expect(versionProblem(agent)).toBeNull(),
);

test.each(["Neo4j/4.4.40", "Neo4j/5.18.1", "Neo4j/5.9.0"])(
  "given Neo4j that is too old (%s), when asked, then what it is and what is needed is said",
  (agent) => {
    const version = /\/(\d+\.\d+)/.exec(agent)![1]!;
    expect(versionProblem(agent)).toBe(`it is ${version}; 5.26 or later is needed`);
  },
);
