import { expect, test } from "@jest/globals";
import { packagesInDomain } from "./exceptions.ts";
import { type Source, sources } from "./sources.ts";

// `http/` is a face like `graphql/`: both may call services, neither is called.
const layers = ["domain", "store", "service", "graphql"];
const faces: Record<string, string> = { http: "graphql" };

/** Place of a file in the direction of imports; null outside the layers. */
function layerOf(path: string): number | null {
  const [top, ...rest] = path.split("/");
  if (top === "kernel") return -1;
  const inside = top === "subgraphs" ? rest.slice(1) : rest;
  const layer = layers.indexOf(faces[inside[0]!] ?? inside[0]!);
  if (layer >= 0) return layer;
  if (inside[0] === "module.ts") return layers.length;
  return inside[0] === "server.ts" ? layers.length + 1 : null;
}

function subgraphOf(path: string): string | null {
  const [top, name] = path.split("/");
  return top === "subgraphs" ? name! : null;
}

interface Edge {
  from: Source;
  to: string;
  isTypeOnly: boolean;
}

function edges(): Edge[] {
  return sources.flatMap((from) =>
    from.imports.flatMap(({ target, isTypeOnly }) =>
      target === null ? [] : [{ from, to: target, isTypeOnly }],
    ),
  );
}

test("imports go from the outer layers to the inner ones", () => {
  const wrong = edges().filter(({ from, to }) => {
    const [low, high] = [layerOf(to), layerOf(from.path)];
    return low !== null && high !== null && low > high;
  });
  expect(wrong.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
});

test("the kernel knows no subgraph and no gateway", () => {
  const wrong = edges().filter(
    ({ from, to }) => from.path.startsWith("kernel/") && !to.startsWith("kernel/"),
  );
  expect(wrong.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
});

test("a subgraph never imports another one", () => {
  const wrong = edges().filter(({ from, to }) => {
    const [own, other] = [subgraphOf(from.path), subgraphOf(to)];
    return own !== null && other !== null && own !== other;
  });
  expect(wrong.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
});

test("only a subgraph's module.ts names the adapters of its store", () => {
  const adapter = /\/store\/(postgres|neo4j)-/;
  const wrong = edges().filter(
    ({ from, to, isTypeOnly }) =>
      !isTypeOnly &&
      adapter.test(to) &&
      !from.path.includes("/store/") &&
      !from.path.endsWith("/module.ts"),
  );
  expect(wrong.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
});

test("domain is pure: no packages, no I/O, no clock, no randomness", () => {
  const impure = /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.|randomUUID|performance\.)/;
  const wrong = sources
    .filter((source) => source.path.includes("/domain/"))
    .flatMap((source) => [
      ...source.imports
        .filter(({ specifier, target, isTypeOnly }) => {
          if (isTypeOnly || Object.hasOwn(packagesInDomain, specifier)) return false;
          return target === null || /kernel\/(database|streams|http|logging|module)\//.test(target);
        })
        .map(({ specifier }) => `${source.path} imports ${specifier}`),
      ...(impure.test(source.text) ? [`${source.path} reads the world`] : []),
    ]);
  expect(wrong).toEqual([]);
});

test("there are no import cycles", () => {
  const targets = new Map(
    sources.map((source) => [
      source.path,
      source.imports.filter((each) => each.target && !each.isTypeOnly).map((each) => each.target!),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (path: string, trail: string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    if (done.has(path)) return;
    done.add(path);
    for (const target of targets.get(path) ?? []) walk(target, [...trail, path]);
  };
  for (const path of targets.keys()) walk(path, []);
  expect(cycles).toEqual([]);
});

test("every import of a file leads to a file that is there", () => {
  const known = new Set(sources.map((source) => source.path));
  const wrong = edges().filter(({ to }) => /\.tsx?$/.test(to) && !known.has(to));
  expect(wrong.map(({ from, to }) => `${from.path} -> ${to}`)).toEqual([]);
});
