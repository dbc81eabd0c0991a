// Kernels in text, by the grammar of the command line: every number is read exactly, nothing is evaluated.
import { fraction, text } from "../exact.js";

export const MOST = 15; // rows and columns
const LONGEST = 80; // characters of a number
const EXPONENT = 60;
const DECIMAL = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i;
const RATIO = /^([+-]?\d+) ?\/ ?(\d+)$/;
const BREAK = /\r\n|[\n\r\v\f\x85\u2028\u2029]/;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

export class BadInput extends Error {}

const bad = (message) => {
  throw new BadInput(message);
};
const short = (word) => (word.length <= 40 ? word : `${word.slice(0, 37)}...`);

// A word in quotation marks, as Python's repr writes it.
function quoted(word) {
  const mark = word.includes("'") && !word.includes('"') ? '"' : "'";
  const plain = word.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`).replaceAll("\t", "\\t");
  return mark + plain.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, escaped) + mark;
}

function escaped(sign) {
  const code = sign.codePointAt(0).toString(16);
  const [letter, length] = code.length <= 2 ? ["x", 2] : code.length <= 4 ? ["u", 4] : ["U", 8];
  return `\\${letter}${code.padStart(length, "0")}`;
}

// An integer, a decimal, with or without exponent, or a fraction of integers.
export function exact(word) {
  const plain = word.trim().replaceAll("−", "-");
  if (!plain) bad("nothing is written here: write 2, -0.5, 1e-3 or 1/3");
  if (plain.length > LONGEST) bad(`a number of ${plain.length} characters, at most ${LONGEST} are read here`);
  const ratio = RATIO.exec(plain);
  if (ratio) {
    if (!BigInt(ratio[2])) bad(`${short(plain)} divides by 0`);
    return fraction(BigInt(ratio[1].replace("+", "")), BigInt(ratio[2]));
  }
  const decimal = DECIMAL.exec(plain);
  if (decimal) return ofDecimal(decimal);
  if (NOT_FINITE.test(plain)) bad(`${plain} is not a finite number`);
  return bad(`${quoted(short(plain))} is no number: write 2, -0.5, 1e-3 or 1/3`);
}

function ofDecimal([, minus, digits, exponent = "0"]) {
  const [before, after = ""] = digits.split(".");
  const power = Number(exponent) - after.length;
  if (Math.abs(Number(exponent)) > EXPONENT) bad(`the exponent ${short(exponent)} is beyond ±${EXPONENT}`);
  const number = BigInt(before + after) * (minus === "-" ? -1n : 1n);
  return power < 0 ? fraction(number, 10n ** BigInt(-power)) : fraction(number * 10n ** BigInt(power));
}

// A matrix as `derive factor` reads it: rows end with semicolons or line breaks, entries with commas, spaces or tabs; or
// nested lists. read_by_hand in derive/parse/text.py reads the same texts and refuses others in the same words: a test
// compares them. The words of the entries are kept as written.
export function readKernel(written) {
  const text = written.replace(/[\x1c-\x1f]/g, " ").replaceAll("\x85", "\n"); // white space in Python
  const inner = text.trim();
  const bare = inner.startsWith("[") && inner.endsWith("]") ? inner.slice(1, -1) : text; // as in MATLAB
  const { words, numbers } = isNested(inner) ? fromLists(inner) : fromRows(bare);
  const [height, width] = [words.length, words[0].length];
  if (Math.max(height, width) > MOST) {
    bad(`${height} × ${width} taps: at most ${MOST} × ${MOST} are read here, the command line reads more`);
  }
  return { rows: numbers, words: words.map((row) => row.map((word) => word.trim())) };
}

function placed(where, word) {
  try {
    return exact(word);
  } catch (error) {
    if (error instanceof BadInput) bad(`${where}: ${error.message}`);
    throw error;
  }
}

function fromRows(text) {
  const words = [];
  const numbers = rowsOf(text).map((row, y) => {
    words.push(entriesOf(row, y));
    return words[y].map((word, x) => placed(`row ${y + 1}, entry ${x + 1}`, word));
  });
  words.forEach((row, y) => {
    if (row.length !== words[0].length) {
      bad(`row ${y + 1} has ${row.length} entries, row 1 has ${words[0].length}: all rows must be equally long`);
    }
  });
  return { words, numbers };
}

// The rows of a text: of one line between semicolons, else one a line.
function rowsOf(text) {
  const lines = text.split(BREAK);
  const full = lines.filter((line) => line.trim()).map((line) => line.trimEnd());
  if (!full.length) bad("the kernel is empty: write one row of numbers per line");
  if (full.length === 1) {
    const rows = full[0].replace(/;$/, "").split(";").map((row) => row.trim());
    if (rows.includes("")) bad(`row ${rows.indexOf("") + 1} is empty: leave out one of the semicolons`);
    return rows;
  }
  const heights = blocks(lines);
  if (heights.length > 1 && heights[0] > 1 && heights.every((height) => height === heights[0])) {
    bad(`blank lines divide it into ${heights.length} tables of ${heights[0]} rows: write one matrix; kernels of several channels are read from .json or .npy files`);
  }
  const rows = full.map((line) => line.replace(/;$/, "").trimEnd());
  return rows.every((row) => row.startsWith("\t")) ? rows.map((row) => row.trim()) : rows;
}

// How many lines stand together between blank ones.
const blocks = (lines) => lines.map((line) => (line.trim() ? "x" : " ")).join("").split(" ").filter(Boolean).map((block) => block.length);

// The words of a row; an empty cell of a spreadsheet is an entry that is missing.
function entriesOf(row, y) {
  if (row.includes(";")) bad(`row ${y + 1} holds a semicolon: separate entries by commas or spaces, and rows by line breaks`);
  if (row.includes(",")) return row.split(",");
  return row.startsWith("\t") || /\t *\t/.test(row) ? row.split("\t") : row.split(/\s+/).filter(Boolean);
}

// Whether a text is nested lists; otherwise it is rows.
function isNested(inner) {
  const twice = inner.slice(1).trimStart().startsWith("[");
  return inner.startsWith("[") && !inner.includes(";") && (twice || !BREAK.test(inner));
}

function fromLists(inner) {
  let words;
  try {
    words = JSON.parse(inner.replace(/["']/g, "").replace(/[^\][,\s]+/g, (word) => JSON.stringify(word)));
  } catch {
    bad("the brackets or commas do not match: write [[1, 2], [3, 4]] or 1 2; 3 4");
  }
  const width = checkedAxes(words);
  const numbers = words.map((row, y) => {
    if (!Array.isArray(row)) bad(`[${y}] is no list, but [0] is one`);
    if (row.length !== width) bad(`[${y}] has ${row.length} entries, [0] has ${width}: lists of one level must be equally long`);
    return row.map((word, x) => (Array.isArray(word) ? bad(`[${y}][${x}] is a list, not a number`) : placed(`[${y}][${x}]`, word)));
  });
  return { words, numbers };
}

// The length of the rows, if the lists have two levels.
function checkedAxes(nested) {
  const extents = [];
  for (let part = nested; Array.isArray(part); part = part[0]) extents.push(part.length);
  if (extents.length < 2) {
    bad("the kernel has 1 axis: a kernel has 2 (height, width), 3 (out, in, taps), 4 (out, in, height, width) or 5 (out, in, depth, height, width)");
  }
  if (extents.length > 2) bad("this page takes a kernel of one channel, a list of rows: write [[1, 2], [3, 4]]; the command line takes more");
  if (!extents[1]) bad(`the kernel has no entries: axis 2 of ${extents.join(" × ")} is 0`);
  return extents[1];
}

export function wholeNumber(word, least, most, what) {
  const plain = word.trim();
  const value = /^[+-]?\d{1,9}$/.test(plain) ? Number(plain) : NaN;
  if (!(value >= least && value <= most)) {
    const given = plain ? `'${short(plain)}'` : "nothing";
    bad(`${what} is ${given}: write a whole number from ${least} to ${most}`);
  }
  return value;
}

export const written = (rows, between = " ") => rows.map((row) => row.join(between)).join(`;${between === " " ? " " : ""}`);
export const texts = (rows) => rows.map((row) => row.map(text));
