import { existsSync } from "node:fs";
import { describe } from "@jest/globals";

/** Debian's, or Chrome; undefined where neither is installed. */
export const chromiumPath = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find(existsSync);

/** Needs a browser. In CI a missing one fails; elsewhere the tests are left out, which is said. */
export function describeInBrowser(name: string, tests: () => void): void {
  describeWhere(
    chromiumPath !== undefined || process.env.CI !== undefined,
    "Chromium",
    name,
    tests,
  );
}

/** Left out where `what` is missing, and said so. */
export function describeWhere(
  isPresent: boolean,
  what: string,
  name: string,
  tests: () => void,
): void {
  if (!isPresent) process.stderr.write(`left out, for want of ${what}: ${name}\n`);
  (isPresent ? describe : describe.skip)(name, tests);
}
