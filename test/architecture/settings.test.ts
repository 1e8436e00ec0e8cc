import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { subgraphNames } from "../../kernel/config/read-config.ts";
import { sources } from "./sources.ts";

/** Names that the code reads from the environment, by a `Reader`. */
const read = new Set([
  ...sources.flatMap(({ text }) =>
    [...text.matchAll(/reader\.\w+\(\s*"([A-Z][A-Z0-9_]+)"/g)].map(([, name]) => name!),
  ),
  ...subgraphNames.map((name) => `${name.toUpperCase()}_URL`),
]);

const table = readFileSync("docs/configuration.md", "utf8").matchAll(/^\| (`[^|]+) \|/gm);
const documented = new Set(
  [...table].flatMap(([, cell]) => [...cell!.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name!)),
);
// Written as "`IDENTITY_URL` … `ACTIVATION_URL`".
for (const name of subgraphNames) documented.add(`${name.toUpperCase()}_URL`);

interface Service {
  image: string;
  command?: string[];
  environment: Record<string, unknown>;
  healthcheck: { test: string[] };
}

const compose = parse(readFileSync("docker-compose.yml", "utf8"), { merge: true }) as {
  services: Record<string, Service>;
};
const engines = ["postgres", "neo4j"];
const parts = Object.entries(compose.services).filter(([name]) => !engines.includes(name));

test("docs/configuration.md names every setting that is read, and no other", () => {
  expect([...documented].sort()).toEqual([...read].sort());
});

test("docker-compose.yml has every part, each with the program, the port and the check of its own", () => {
  expect(parts.map(([name]) => name).sort()).toEqual([...subgraphNames, "gateway"].sort());
  for (const [name, { command, environment, healthcheck }] of parts) {
    const program = command!.at(-1)!;
    expect(existsSync(program.replace(/^dist/, ".").replace(/\.js$/, ".ts"))).toBe(true);
    expect(program).toContain(name);
    const address =
      environment[`${name.toUpperCase()}_URL`] ?? `http://gateway:${environment.PORT}`;
    expect(healthcheck.test.at(-1)).toBe(String(address).replace(name, "127.0.0.1"));
  }
});

test("docker-compose.yml sets only what is read, and has no secret of its own", () => {
  for (const [, { environment }] of parts) {
    for (const name of Object.keys(environment)) expect([...read]).toContain(name);
    expect(Object.keys(environment)).toEqual(
      expect.arrayContaining(["HOST", "DATABASE_URL", "CONTEXT_SECRET"]),
    );
  }
  const secrets = Object.values(compose.services).flatMap(({ environment }) =>
    Object.entries(environment).filter(([name]) => /PASSWORD|SECRET$|ROOT_KEY|AUTH/.test(name)),
  );
  for (const [, value] of secrets) expect(value).toMatch(/\$\{[A-Z0-9_]+:\?/);
});
