import base from "./jest.config.js";

/** What needs Chromium; without it these tests fail and say so. */
export default {
  ...base,
  testMatch: ["<rootDir>/test/**/*.browser.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/"],
};
