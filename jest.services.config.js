import base from "./jest.config.js";

/**
 * What needs PostgreSQL and Neo4j (`scripts/test-services.sh start` prints their addresses): its own tests,
 * and the stores' and subgraphs' tests once more on the real PostgreSQL. One after the other: they share Neo4j.
 */
export default {
  ...base,
  testMatch: [
    "<rootDir>/test/**/*.services.test.ts",
    "<rootDir>/test/{identity,events,consent,audiences,experiments,activation,kernel}/**/*.test.ts",
  ],
  testPathIgnorePatterns: [
    "/node_modules/",
    "/dist/",
    "embedded-database",
    "\\.browser\\.test\\.ts$",
  ],
  testTimeout: 120_000,
  maxWorkers: 1,
};
