// A comparison as text to take away: JSON as the command line prints it, CSV, LaTeX.
//
// Integers are written out in full, ratios as exact fractions. Key names and their order come from
// Python with the page (`shape`), so that the JSON is that of `derive compare --json`.

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

const SIZES = ["m", "M", "P", "Q", "R", "T"];
const COUNTS = ["parameters", "macs", "macs_in_bounds", "multiplications", "additions", "flops", "activations",
  "bytes", "intensity", "degrees_of_freedom"];
const RATIOS = ["parameters", "macs", "flops"];

/** One line per row, the names of the columns first. */
export function toCsv({ families }) {
  const head = ["name", "title", ...SIZES, ...COUNTS, ...RATIOS.map((name) => `ratio_${name}`),
    "receptive_field", "exact_when", "break_even_size", "break_even_at_most", "notes"];
  const rows = families.map((row) => [
    row.name, row.title, ...SIZES.map((size) => row.setting[size] ?? ""),
    ...COUNTS.map((name) => row[name] ?? ""), ...RATIOS.map((name) => row.ratio[name]),
    row.receptive_field.join("x"), row.exact_when, row.break_even?.size ?? "", row.break_even?.at_most ?? "",
    row.notes.join("; "),
  ]);
  return [head, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

function cell(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const TEX = { "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "_": "\\_", "&": "\\&", "%": "\\%", "#": "\\#",
  "$": "\\$", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "×": "$\\times$", "→": "$\\to$", "·": "$\\cdot$",
  "≤": "$\\le$", "≥": "$\\ge$", "≠": "$\\ne$", "…": "\\dots{}" };

/** Text for LaTeX's text mode. */
export const tex = (text) => text.replace(/[\\{}_&%#$~^×→·≤≥≠…]/g, (mark) => TEX[mark]);

const LATEX = [
  ["parameters", (row) => thousands(row.parameters)],
  ["MACs", (row) => thousands(row.macs)],
  ["in-bounds", (row) => thousands(row.macs_in_bounds)],
  ["FLOPs", (row) => thousands(row.flops)],
  ["bytes", (row) => thousands(row.bytes)],
  ["MACs $\\div$ standard", (row) => `$${row.ratio.macs}$`],
];

/** A booktabs table that compiles in a document with that package. */
export function toLatex({ families }, words) {
  const lines = families.map((row) => [tex(named(row)), ...LATEX.map(([, text]) => text(row))].join(" & "));
  return `${[
    "% needs \\usepackage{booktabs}",
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${tex(words)}}`,
    `  \\begin{tabular}{l${"r".repeat(LATEX.length)}}`,
    "    \\toprule",
    `    ${["family", ...LATEX.map(([title]) => title)].join(" & ")} \\\\`,
    "    \\midrule",
    ...lines.map((line) => `    ${line} \\\\`),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
  ].join("\n")}\n`;
}

/** A family's title with its setting in the text of a table. */
function named(row) {
  const setting = Object.entries(row.setting).map(([size, number]) => `${size} = ${number}`);
  return [row.title, ...(setting.length ? [setting.join(", ")] : [])].join(", ");
}

/** A layer in one line, as the command line words it. */
export function layerWords(layer) {
  const unusual = (name, values) => (values.some((value) => value !== 1n) ? [`${name} ${sides(values)}`] : []);
  const margins = layer.padding.map(([before, after]) => (before === after ? `${before}` : `${before}:${after}`));
  return [
    `${layer.image.join("×")} image, ${layer.in} → ${layer.out} channels`, `kernel ${layer.kernel.join("×")}`,
    ...unusual("stride", layer.stride), ...unusual("dilation", layer.dilation), `padding ${sides(margins)}`,
    ...unusual("groups", [layer.groups]), layer.bias ? "with bias" : "no bias",
  ].join(", ");
}

const sides = (values) => (new Set(values).size === 1 ? `${values[0]}` : values.join("×"));
