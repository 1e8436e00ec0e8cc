import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

export interface Source {
  /** From the project's root. */
  path: string;
  text: string;
  tree: ts.SourceFile;
  imports: { specifier: string; target: string | null; isTypeOnly: boolean }[];
}

const folders = ["kernel", "subgraphs", "gateway", "clients", "cli", "sample"];

/** Every source file of the product, parsed once. */
export const sources: Source[] = folders
  .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`))
  .map((path) => {
    const text = readFileSync(path, "utf8");
    const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    return { path, text, tree, imports: importsOf(path, tree) };
  });

function importsOf(path: string, tree: ts.SourceFile): Source["imports"] {
  return tree.statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    if (!isImport || !statement.moduleSpecifier) return [];
    const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
    const target = specifier.startsWith(".") ? normalize(join(dirname(path), specifier)) : null;
    const isTypeOnly = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    return [{ specifier, target, isTypeOnly }];
  });
}

/** Calls `visit` for every node of a file. */
export function eachNode(tree: ts.SourceFile, visit: (node: ts.Node) => void): void {
  const walk = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, walk);
  };
  walk(tree);
}

export function lineOf(tree: ts.SourceFile, position: number): number {
  return tree.getLineAndCharacterOfPosition(position).line + 1;
}
