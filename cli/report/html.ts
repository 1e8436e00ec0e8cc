const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that is safe inside an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ESCAPES[letter]!);
}

/** A table with a header row; cells are escaped here. */
export function htmlTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((cell) => `<th>${escapeHtml(cell)}</th>`).join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`)
    .join("\n");
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1c2330;
  --soft: #667085;
  --line: #d9dee7;
  --ground: #fff;
  --for: #1f7a5c;
  --against: #b4432f;
  --bar: #3f63c8;
}
@media (prefers-color-scheme: dark) {
  :root {
  --ink: #e8ebf1;
  --soft: #9aa4b5;
  --line: #333b49;
  --ground: #14181f;
  --for: #54c39b;
  --against: #e98470;
  --bar: #8ba6f2;
}
}
body {
  font: 15px/1.5 system-ui, sans-serif;
  color: var(--ink);
  background: var(--ground);
  max-width: 62rem;
  margin: 2rem auto;
  padding: 0 1rem;
}
h1 {
  font-size: 1.6rem;
}
h2 {
  font-size: 1.15rem;
  margin-top: 2.2rem;
}
p {
  color: var(--soft);
  max-width: 46rem;
}
table {
  border-collapse: collapse;
  font-variant-numeric: tabular-nums;
  font-size: 13px;
}
th, td {
  text-align: left;
  padding: .25rem .7rem .25rem 0;
  border-bottom: 1px solid var(--line);
  white-space: nowrap;
}
th {
  color: var(--soft);
  font-weight: 600;
}
.wide {
  overflow-x: auto;
}
svg {
  max-width: 100%;
  height: auto;
}
svg text {
  fill: var(--soft);
  font: 11px system-ui, sans-serif;
}
.figures {
  display: flex;
  flex-wrap: wrap;
  gap: 1.5rem 2.5rem;
}
.figures b {
  display: block;
  font-size: 1.4rem;
}
.figures span {
  color: var(--soft);
}
details {
  margin: .3rem 0;
}
summary {
  cursor: pointer;
}
`;
