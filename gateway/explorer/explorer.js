import "./workers.js";
import { GraphiQL } from "graphiql";
import { createElement, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { examples } from "./examples.js";
import { checkKey, createFetcher } from "./fetcher.js";
import "graphiql/style.css";
import "./explorer.css";

/** The key lives as long as the tab; it is a secret and is not kept on disk. */
const storageKey = "selfsame-key";

function Explorer() {
  const [key, setKey] = useState(sessionStorage.getItem(storageKey) ?? "");
  const enter = (value) => {
    sessionStorage.setItem(storageKey, value);
    setKey(value);
  };
  return createElement(
    "div",
    { className: "explorer" },
    createElement(Header, { key: `header-${key}`, current: key, onEnter: enter }),
    key ? createElement(Editor, { key, apiKey: key }) : createElement(Welcome),
  );
}

function Header({ current, onEnter }) {
  const [value, setValue] = useState(current);
  const [problem, setProblem] = useState(null);
  const submit = async (event) => {
    event.preventDefault();
    const refused = value ? await checkKey(value.trim()) : null;
    setProblem(refused);
    if (!refused) onEnter(value.trim());
  };
  return createElement(
    "header",
    { className: "explorer-header" },
    createElement("img", { src: "/explorer/icon.svg", alt: "", width: 22, height: 22 }),
    createElement("h1", null, "Selfsame"),
    createElement(
      "form",
      { onSubmit: submit },
      problem && createElement("span", { role: "alert" }, problem),
      createElement("input", {
        type: "password",
        "aria-label": "API key",
        placeholder: "API key: sk_…",
        autoComplete: "off",
        value,
        onChange: (event) => setValue(event.target.value),
      }),
      createElement("button", { type: "submit" }, current ? "Use this key" : "Enter"),
    ),
  );
}

function Welcome() {
  return createElement(
    "main",
    { className: "explorer-welcome" },
    createElement("h2", null, "Enter an API key to begin"),
    createElement(
      "p",
      null,
      "The first start of the server printed a root key once. With it you can ask everything, and make ",
      "keys with fewer rights (createApiKey). A key that you enter here stays in this tab.",
    ),
    createElement(
      "p",
      null,
      "The root key is lost? Start the server with another one, of 32 characters or more, in ",
      createElement("code", null, "ROOT_KEY"),
      ".",
    ),
    createElement(
      "p",
      null,
      "The API is at ",
      createElement("code", null, "/graphql"),
      ": queries by POST, subscriptions as server-sent events or WebSocket; ingestion at ",
      createElement("code", null, "/v1/track"),
      " and its siblings.",
    ),
  );
}

function Editor({ apiKey }) {
  const fetcher = useMemo(() => createFetcher(apiKey), [apiKey]);
  return createElement(GraphiQL, {
    fetcher,
    defaultTabs: examples,
    // GraphiQL takes the first tab's query from there, but not its variables.
    ...(isFirstVisit() ? { initialVariables: examples[0].variables } : {}),
    isHeadersEditorEnabled: false,
    shouldPersistHeaders: false,
    inputValueDeprecation: true,
    schemaDescription: true,
    defaultEditorToolsVisibility: "variables",
  });
}

function isFirstVisit() {
  return localStorage.getItem("graphiql:tabState") === null;
}

createRoot(document.getElementById("explorer")).render(createElement(Explorer));
