import { basename } from "node:path";
import { expect, test } from "@jest/globals";
import ts from "typescript";
import { longFiles, longFunctions } from "./exceptions.ts";
import { eachNode, lineOf, sources } from "./sources.ts";

const fileLinesMax = 250;
const functionLinesMax = 40;
/** Code is held to 100 by the formatter; comments, SQL and texts may be a little longer. */
const columnsMax = 120;

test(`a file has at most ${fileLinesMax} lines`, () => {
  const wrong = sources
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ path, lines }) => lines > fileLinesMax && !Object.hasOwn(longFiles, path));
  expect(wrong).toEqual([]);
});

test(`a function has at most ${functionLinesMax} lines`, () => {
  const wrong: string[] = [];
  for (const { path, tree } of sources) {
    eachNode(tree, (node) => {
      if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) return;
      const start = lineOf(tree, node.getStart(tree));
      const lines = lineOf(tree, node.end) - start + 1;
      const name = node.name?.getText(tree) ?? "(anonymous)";
      if (lines > functionLinesMax && !Object.hasOwn(longFunctions, `${path}:${name}`)) {
        wrong.push(`${path}:${start} ${name} has ${lines} lines`);
      }
    });
  }
  expect(wrong).toEqual([]);
});

test(`a line has at most ${columnsMax} columns, but for imports and links`, () => {
  const wrong = sources.flatMap(({ path, text }) =>
    text
      .split("\n")
      .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
      .filter(({ line }) => line.length > columnsMax && !/^import |https?:/.test(line))
      .map(({ place }) => place),
  );
  expect(wrong).toEqual([]);
});

test("there is no `any` and no default export", () => {
  const wrong: string[] = [];
  for (const { path, tree, text } of sources) {
    eachNode(tree, (node) => {
      const line = lineOf(tree, node.getStart(tree));
      const before = text.split("\n")[line - 2] ?? "";
      if (node.kind === ts.SyntaxKind.AnyKeyword && !before.includes("biome-ignore")) {
        wrong.push(`${path}:${line} any`);
      }
      if (ts.isExportAssignment(node)) wrong.push(`${path}:${line} default export`);
      if (node.kind === ts.SyntaxKind.DefaultKeyword && ts.isFunctionLike(node.parent)) {
        wrong.push(`${path}:${line} default export`);
      }
    });
  }
  expect(wrong).toEqual([]);
});

test("the environment is read in config files alone", () => {
  const allowed = /(^|\/)config\.ts$|^kernel\/config\//;
  const wrong = sources.filter(
    ({ path, text }) => /process\.env/.test(text) && !allowed.test(path),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test("there is no junk drawer", () => {
  const junk = /(^|\/)(utils?|helpers?|common|misc|shared|lib|manager|types)(\.ts|\/)/;
  expect(sources.map(({ path }) => path).filter((path) => junk.test(path))).toEqual([]);
});

test("files are named in kebab case", () => {
  const wrong = sources.filter(({ path }) => !/^[a-z0-9-]+(\.d)?\.tsx?$/.test(basename(path)));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test("nothing is left to do: no TODO, no FIXME", () => {
  const wrong = sources.filter(({ text }) => /\b(TODO|FIXME|XXX)\b/.test(text));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});
