// A pipeline as a picture: tensors with their shapes, and between them the kernels at work, from a row of the engine.

import { html, svg } from "./dom.js";
import { LETTERS } from "./formulas.js";
import { thousands } from "./numbers.js";

const CELL = 9, MOST_TAPS = 7n, MOST_SHEETS = 8n;
const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** Index letters of a formula in their colours: a letter alone, not one of a word. */
export function coloured(text) {
  const parts = text.split(/(?<!\p{L})([a-z])(?!\p{L})/u);
  return parts.filter(Boolean).map((part) =>
    part in LETTERS ? html("span", { class: `letter-${part}` }, part) : part);
}

/** The kernel as a sum of products, without bonds of size 1: K[o, i] = Σⱼ A[j, i] · B[o, j]. */
export function line(row) {
  const bonds = row.bonds.filter((x) => !row.single.includes(x));
  const factors = row.stages.map((stage) => indexed(stage.base, lean(row, stage.indices)));
  const sum = bonds.length ? ["Σ", html("sub", {}, ...coloured(bonds.join(","))), " "] : [];
  return [...coloured(`${indexed("K", row.kernel)} = `), ...sum, ...coloured(factors.join(" · "))];
}

/** The items of the list that draws a row. */
export function steps(row) {
  const [first] = row.stages;
  return [tensor(row, first.reads), ...row.stages.flatMap((s) => [kernel(row, s), tensor(row, s.writes)])];
}

const lean = (row, letters) => letters.filter((x) => !row.single.includes(x));

const indexed = (base, letters) => `${base}[${letters.join(", ")}]`;

function tensor(row, { base, letters, channels, sides }) {
  const name = base.replace("_", "").replace(/\d/g, (digit) => SUBSCRIPTS[digit]);
  return html("li", { class: "tensor" },
    sheets(channels),
    html("b", { class: "shape" }, [...sides, channels].join(" × ")),
    html("code", {}, ...coloured(indexed(name, lean(row, letters)))));
}

function kernel(row, stage) {
  const per = lean(row, stage.per);
  const words = (kind, ...content) => html("span", { class: kind }, ...content);
  return html("li", { class: "kernel" },
    grid(stage.taps),
    html("code", {}, ...coloured(indexed(stage.base, lean(row, stage.indices)))),
    words("taps-words", stage.taps.join(" × "), ...(per.length ? coloured(` per ${per.join(", ")}`) : [])),
    words("sums", ...sums(stage, lean(row, stage.summed))),
    words("weights", `${thousands(stage.parameters)} weights`),
    words("macs", `${thousands(stage.macs)} MACs`));
}

/** What is summed in an output, or, transposed, where an input goes. */
function sums(stage, summed) {
  if (stage.spreads) return [`adds each number to ${thousands(stage.terms)}`];
  return summed.length ? ["sums ", ...coloured(summed.join(", ")), `: ${thousands(stage.terms)}`] : ["sums nothing"];
}

function sheets(channels) {
  const count = Number(channels < MOST_SHEETS ? channels : MOST_SHEETS);
  const corners = Array.from({ length: count }, (_, n) => 4 * (count - 1 - n) - 2 * (count - 1));
  return drawing("sheets", "0 0 72 60", corners.map((shift) =>
    ({ class: "sheet", x: 15 + shift, y: 9 - shift / 2, width: 42, height: 42, rx: 3 })));
}

function grid(taps) {
  const [rows, columns] = taps.map((side) => Number(side < MOST_TAPS ? side : MOST_TAPS));
  const left = 32 - (columns * CELL) / 2, top = 32 - (rows * CELL) / 2;
  const places = Array.from({ length: rows * columns }, (_, n) => [n % columns, Math.floor(n / columns)]);
  return drawing("taps", "0 0 64 64", places.map(([x, y]) =>
    ({ class: "tap", x: left + x * CELL, y: top + y * CELL, width: CELL, height: CELL })));
}

const drawing = (kind, box, rectangles) =>
  svg("svg", { class: kind, viewBox: box, "aria-hidden": "true" }, rectangles.map((one) => svg("rect", one)));
