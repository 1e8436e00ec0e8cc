import { expect, test } from "@jest/globals";
import { Authenticator } from "../../gateway/authentication/authenticator.ts";

test("given keys that cannot be looked up, when one is shown, then its holder is told in time to try again", async () => {
  const silent = { read: () => new Promise<never>(() => {}) };
  const authenticator = new Authenticator([silent], 50);
  await expect(authenticator.authenticate("Bearer some-key")).rejects.toMatchObject({
    code: "UNAVAILABLE",
    retryable: true,
  });
});
