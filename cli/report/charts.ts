import { escapeHtml } from "./html.ts";

const WIDTH = 720;
const HEIGHT = 220;
const MARGIN = { left: 52, right: 12, top: 12, bottom: 30 };

/** One bar: its label under the axis, its height, and what it says when pointed at. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly hint: string;
}

function frame(title: string, inner: string, height = HEIGHT): string {
  const size = `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}"`;
  return `<svg role="img" aria-label="${escapeHtml(title)}" ${size}>${inner}</svg>`;
}

const round = (value: number) => Math.round(value * 10) / 10;

/** Vertical bars; heights by square root, so that the rare stays visible beside the frequent. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const highest = Math.max(1, ...bars.map(({ value }) => value));
  const plotWidth = WIDTH - MARGIN.left - MARGIN.right;
  const plotHeight = HEIGHT - MARGIN.top - MARGIN.bottom;
  const step = plotWidth / Math.max(1, bars.length);
  const labelEvery = Math.ceil(bars.length / 20);
  const drawn = bars.map(({ label, value, hint }, at) => {
    const height = Math.sqrt(value / highest) * plotHeight;
    const x = round(MARGIN.left + at * step);
    const y = round(MARGIN.top + plotHeight - height);
    const caption =
      at % labelEvery === 0
        ? `<text x="${round(x + step / 2)}" y="${HEIGHT - 12}" text-anchor="middle">${escapeHtml(label)}</text>`
        : "";
    const size = `width="${round(Math.max(1, step - 2))}" height="${round(height)}"`;
    const title = `<title>${escapeHtml(hint)}</title>`;
    return `<rect x="${x}" y="${y}" ${size} fill="var(--bar)">${title}</rect>${caption}`;
  });
  const axis =
    `<text x="${MARGIN.left - 6}" y="${MARGIN.top + 10}" text-anchor="end">${highest}</text>` +
    `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" ` +
    `y1="${HEIGHT - MARGIN.bottom}" y2="${HEIGHT - MARGIN.bottom}" stroke="var(--line)"/>`;
  return frame(title, axis + drawn.join(""));
}

/** A named line through points; x and y in [0, 1]. */
export interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [number, number])[];
}

/** Curves over the unit square. */
export function lineChart(title: string, axisLabel: string, curves: readonly Curve[]): string {
  const plotWidth = WIDTH - MARGIN.left - MARGIN.right;
  const plotHeight = HEIGHT - MARGIN.top - MARGIN.bottom;
  const x = (value: number) => round(MARGIN.left + value * plotWidth);
  const y = (value: number) => round(MARGIN.top + (1 - value) * plotHeight);
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (level) =>
      `<line x1="${x(0)}" x2="${x(1)}" y1="${y(level)}" y2="${y(level)}" stroke="var(--line)"/>` +
      `<text x="${x(0) - 6}" y="${y(level) + 4}" text-anchor="end">${level}</text>` +
      `<text x="${x(level)}" y="${HEIGHT - 14}" text-anchor="middle">${level}</text>`,
  );
  const lines = curves.map(({ name, colour, points }, at) => {
    const path = points.map(([px, py]) => `${x(px)},${y(py)}`).join(" ");
    const place = `x="${x(0) + 12 + at * 110}" y="${y(0) - 8}"`;
    const legend = `<text ${place} style="fill:${colour}">${escapeHtml(name)}</text>`;
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${legend}`;
  });
  const caption = `<text x="${x(1)}" y="${HEIGHT - 2}" text-anchor="end">${escapeHtml(axisLabel)}</text>`;
  return frame(title, grid.join("") + lines.join("") + caption);
}

const ROW_HEIGHT = 20;
const LABEL_WIDTH = 300;

/** Bars to both sides of zero, one a row: what speaks for and what against. */
export function weightChart(title: string, rows: readonly Bar[]): string {
  const widest = Math.max(1, ...rows.map(({ value }) => Math.abs(value)));
  const middle = LABEL_WIDTH + (WIDTH - LABEL_WIDTH) / 2;
  const scale = (WIDTH - LABEL_WIDTH) / 2 / widest - 6;
  const drawn = rows.map(({ label, value, hint }, at) => {
    const width = round(Math.abs(value) * Math.max(1, scale));
    const x = round(value < 0 ? middle - width : middle);
    const y = at * ROW_HEIGHT + 4;
    const colour = value < 0 ? "var(--against)" : "var(--for)";
    return (
      `<text x="${LABEL_WIDTH - 8}" y="${y + 11}" text-anchor="end">${escapeHtml(label)}</text>` +
      `<rect x="${x}" y="${y}" width="${width}" height="13" fill="${colour}"><title>${escapeHtml(hint)}</title></rect>`
    );
  });
  return frame(title, drawn.join(""), rows.length * ROW_HEIGHT + 8);
}
