// A comparison as text to take away: JSON as the command line prints it, CSV, LaTeX, Markdown.
//
// Integers are written out in full, ratios as exact fractions. Key names and their order come from
// Python with the page (`shape`), so that the JSON is that of `derive compare --json`.

import { COLUMNS } from "../formulas.js";
import { Fraction, thousands } from "../numbers.js";

/** Python's json.dumps(value, ensure_ascii=False, indent=2), for BigInt and Fraction too. */
export function dumps(value, indent = "") {
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  if (value instanceof Fraction) return JSON.stringify(value.toString());
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((item) => dumps(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${dumps(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return items.length ? `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}` : open + close;
}

/** The comparison as derive/compare/1. */
export function toJson({ layer, families, omitted }, shape) {
  const pick = (object, keys) => Object.fromEntries(keys.map((key) => [key, object[key]]));
  const rows = families.map((row) => ({
    ...pick(row, shape.row),
    stages: row.stages.map((stage) => pick(stage, shape.stage)),
  }));
  const parts = {
    schema: shape.schema, layer: pick(layer, shape.layer), exactness_needs: shape.exactness_needs,
    families: rows, omitted,
  };
  return `${dumps(pick(parts, shape.document))}\n`;
}

const { head: HEAD, sizes: SIZES, counts: COUNTS, ratios: RATIOS, titles: TITLES, shown: SHOWN, sentence: SENTENCE } = COLUMNS;

/** One line per row, the names of the columns first. */
export function toCsv({ families }) {
  const rows = families.map((row) => [
    row.name, row.title, ...SIZES.map((size) => row.setting[size] ?? ""),
    ...COUNTS.map((name) => row[name] ?? ""), ...RATIOS.map((name) => row.ratio[name]),
    row.receptive_field.join("x"), row.exact_when, row.break_even?.size ?? "", row.break_even?.at_most ?? "",
    row.notes.join("; "),
  ]);
  return [HEAD, ...rows].map((cells) => `${cells.map(cell).join(",")}\n`).join("");
}

function cell(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const TEX = new Map(COLUMNS.tex);

/** Text for LaTeX's text mode. */
export const tex = (text) => [...text].map((mark) => TEX.get(mark) ?? mark).join("");

/** A booktabs table that compiles in a document with that package. */
export function toLatex({ families }, words) {
  const rows = families.map(cells);
  const wide = rows.some(([name]) => [...name].length > SENTENCE);
  const lines = [TITLES.map(tex), ...rows.map(([name, ...numbers]) => [tex(name), ...numbers])]
    .map((one) => `    ${one.join(" & ")} \\\\`);
  return `${[
    "% needs \\usepackage{booktabs}",
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${tex(words)}}`,
    `  \\begin{tabular}{${wide ? "p{0.5\\linewidth}" : "l"}${"r".repeat(TITLES.length - 1)}}`,
    "    \\toprule",
    lines[0],
    "    \\midrule",
    ...lines.slice(1),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
  ].join("\n")}\n`;
}

/** A table of Markdown. */
export function toMarkdown({ families }) {
  const line = (one) => `| ${one.join(" | ")} |`;
  const sides = ["---", ...Array(TITLES.length - 1).fill("--:")];
  return `${[line(TITLES), `|${sides.join("|")}|`, ...families.map(cells).map(line)].join("\n")}\n`;
}

/** The cells of a short table: the title with the setting, counts, the ratio as mathematics. */
function cells(row) {
  const setting = Object.entries(row.setting).map(([size, number]) => `${size} = ${number}`).join(", ");
  const name = [row.title, setting].filter(Boolean).join(", ");
  return [name, ...SHOWN.map((key) => thousands(row[key])), `$${row.ratio.macs}$`];
}
