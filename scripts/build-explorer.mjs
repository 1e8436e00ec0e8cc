// Bundles GraphiQL and its workers into dist/gateway/explorer: served by the gateway itself, no CDN.
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const from = join(root, "gateway/explorer");
const to = join(process.argv[2] ?? join(root, "dist/gateway/explorer"));

const options = {
  bundle: true,
  minify: true,
  target: ["es2022"],
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "file" },
  legalComments: "external",
  logLevel: "warning",
  absWorkingDir: root,
};

await rm(to, { recursive: true, force: true });
await mkdir(to, { recursive: true });
await Promise.all([
  build({
    ...options,
    entryPoints: [join(from, "explorer.js")],
    outdir: to,
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    publicPath: "/explorer",
  }),
  build({
    ...options,
    entryPoints: {
      "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
      "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
      "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    },
    outdir: to,
    format: "iife",
  }),
  ...["index.html", "icon.svg"].map((name) => cp(join(from, name), join(to, name))),
]);
