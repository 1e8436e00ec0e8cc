import { expect, test } from "@jest/globals";
import { GraphQLError } from "graphql";
import { DomainError } from "../../kernel/errors/domain-error.ts";
import { reportToLog } from "../../kernel/errors/report-to-log.ts";
import { toClientError } from "../../kernel/errors/to-client-error.ts";
import { describeError } from "../../kernel/logging/logger.ts";
import type { Logger } from "../../kernel/logging/logger.ts";

const engineError = (code: string, message = "at 10.1.2.3 for ana@example.com") =>
  Object.assign(new Error(message), { code });

function mapped(error: unknown) {
  const logged: { level: string; reference: unknown }[] = [];
  const log = (level: string) => (_: string, fields?: Record<string, unknown>) =>
    void logged.push({ level, reference: fields?.["reference"] });
  const logger = { warn: log("warn"), error: log("error") } as unknown as Logger;
  const client = toClientError(error, reportToLog(logger));
  return { ...client, logged };
}

test.each([
  ["an engine that refuses connections", engineError("ECONNREFUSED")],
  ["an engine that was shut down", engineError("57P01")],
  ["an engine without room for one more", engineError("53300")],
  ["a pool that waited in vain", new Error("timeout exceeded when trying to connect")],
  ["a connection that broke", new Error("Connection terminated unexpectedly")],
])("given %s, when a client is told, then UNAVAILABLE, to try again, and a warning", (_, cause) => {
  for (const error of [cause, new GraphQLError("x", { originalError: cause, path: ["a"] })]) {
    const { message, extensions, logged } = mapped(error);
    expect(extensions).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    expect(message).not.toMatch(/10\.1|ana@/);
    expect(logged).toEqual([{ level: "warn", reference: extensions.reference }]);
  }
});

test.each([
  ["a broken rule of the database", engineError("23502")],
  ["a mistake of ours", new TypeError("x of undefined")],
])("given %s, when a client is told, then INTERNAL without our words, and an error", (_, cause) => {
  const { message, extensions, logged } = mapped(cause);
  expect(extensions).toMatchObject({ code: "INTERNAL", retryable: false });
  expect(message).toBe("Something went wrong on our side.");
  expect(logged).toEqual([{ level: "error", reference: extensions.reference }]);
});

test("given an error that another caused, when it is logged, then both are there, without their messages", () => {
  const cause = engineError("ECONNREFUSED");
  const error = new DomainError("UNAVAILABLE", "secret words", { retryable: true, cause });
  const described = describeError(error);
  expect(described).toMatchObject({ code: "UNAVAILABLE", cause: { code: "ECONNREFUSED" } });
  expect(JSON.stringify(described)).not.toMatch(/secret words|ana@/);
});
