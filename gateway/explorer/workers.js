/** The editor's workers, from our own server (bundled by scripts/build-explorer.mjs). */
const files = { json: "json.worker.js", graphql: "graphql.worker.js" };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(`/explorer/${files[label] ?? "editor.worker.js"}`),
};
