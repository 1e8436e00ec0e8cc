/** Tests run on the sources through SWC (decorator metadata included), as ES modules. */
export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "^.+\\.ts$": "@swc/jest" },
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // Those need PostgreSQL and Neo4j (`npm run test:services`), or Chromium (`npm run test:browser`).
  testPathIgnorePatterns: ["/node_modules/", "/dist/", "\\.(services|browser)\\.test\\.ts$"],
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  testTimeout: 30_000,
  // Two cores: each worker may hold an engine of its own (PGlite, 190 MB).
  maxWorkers: 2,
};
